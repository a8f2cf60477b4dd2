// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.MemorySegment;

/** Where finished packets go: the TUN device, or a list in a test. */
interface PacketSink {
  /** Whether a {@link VirtioNetHeader} stands before each packet. */
  boolean vnetHeader();

  /** Whether TCP super-packets are taken. */
  boolean tso();

  /** Whether UDP super-packets are taken. */
  boolean uso();

  /** Writes one packet or super-packet. Returns octets written or {@code -errno}. */
  int write(MemorySegment memory, long offset, int length);

  /**
   * Writes one super-packet from {@code count} iovecs. Returns octets written or {@code -errno}.
   */
  int writev(MemorySegment iovecs, long offset, int count);
}
