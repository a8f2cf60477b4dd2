// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * What has happened to a peer. Counts only rise.
 *
 * @param handshakes completed
 * @param handshakeFailures times that handshakes were given up after 90 s
 * @param endpointChanges times that its address or port became another
 * @param since Unix seconds from when on all counters of the peer count: when it was added, or when
 *     the data plane was started again after it was killed
 */
public record PeerActivity(
    long handshakes, long handshakeFailures, long endpointChanges, long since) {
  /** Of a peer that is not in force. */
  public static final PeerActivity NONE = new PeerActivity(0, 0, 0, 0);
}
