// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.TunDevice;
import java.lang.foreign.MemorySegment;

/** A TUN device as source and sink of packets. */
record TunPackets(TunDevice tun) implements PacketSource, PacketSink {
  @Override
  public int fd() {
    return tun.fd();
  }

  @Override
  public boolean vnetHeader() {
    return tun.vnetHeader();
  }

  @Override
  public boolean tso() {
    return tun.offloads().tso();
  }

  @Override
  public boolean uso() {
    return tun.offloads().uso();
  }

  @Override
  public int read(MemorySegment memory, long offset, int length) {
    return tun.read(memory, offset, length);
  }

  @Override
  public int write(MemorySegment memory, long offset, int length) {
    return tun.write(memory, offset, length);
  }

  @Override
  public int writev(MemorySegment iovecs, long offset, int count) {
    return tun.writev(iovecs, offset, count);
  }
}
