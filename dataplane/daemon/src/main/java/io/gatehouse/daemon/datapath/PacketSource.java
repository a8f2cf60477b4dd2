// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.MemorySegment;

/** Where packets to send come from: the TUN device. */
interface PacketSource {
  /** A descriptor that is readable when {@link #read} has something. */
  int fd();

  /** Whether a {@link VirtioNetHeader} stands before each packet. */
  boolean vnetHeader();

  /** Reads one packet or super-packet. Returns octets, 0 when there is none, or {@code -errno}. */
  int read(MemorySegment memory, long offset, int length);
}
