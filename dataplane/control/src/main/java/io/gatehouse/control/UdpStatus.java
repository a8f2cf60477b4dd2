// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * What came and went by a tunnel's UDP port, handshakes and what is no WireGuard at all among it.
 * Counts are unsigned and only rise.
 *
 * @param rxDatagrams received
 * @param txDatagrams that the system took
 * @param rxBytes UDP payload octets received
 * @param txBytes UDP payload octets that the system took
 */
public record UdpStatus(long rxDatagrams, long txDatagrams, long rxBytes, long txBytes) {
  /** Nothing. */
  public static final UdpStatus NONE = new UdpStatus(0, 0, 0, 0);
}
