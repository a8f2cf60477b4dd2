// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Result of {@code backup.read}: a part of a backup, encrypted as all of it.
 *
 * @param octets base64, of at most {@value #LARGEST} octets; empty behind the end
 */
public record BackupPart(String octets) {
  /** Most octets of a part, before they are base64. */
  public static final int LARGEST = 1 << 20;
}
