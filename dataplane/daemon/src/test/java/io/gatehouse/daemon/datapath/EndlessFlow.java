// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import java.lang.foreign.MemorySegment;

/** One long super-packet after another, while not too many packets are under way. */
final class EndlessFlow implements PacketSource, PacketSink {
  private static final int SEGMENTS = 44;
  private static final int WINDOW = 40 * SEGMENTS;

  private final EventFd ready;
  private final MemorySegment read = SyntheticRead.tcp(false, 1, Ip.TCP_ACK, 1368, SEGMENTS);
  private long given;
  volatile boolean open;
  volatile long taken;

  EndlessFlow(EventFd ready) {
    this.ready = ready;
  }

  @Override
  public int fd() {
    return ready.fd();
  }

  @Override
  public boolean vnetHeader() {
    return true;
  }

  @Override
  public boolean tso() {
    return true;
  }

  @Override
  public boolean uso() {
    return true;
  }

  @Override
  public int read(MemorySegment memory, long offset, int length) {
    if (!open || given - taken > WINDOW) {
      return 0;
    }
    given += SEGMENTS;
    MemorySegment.copy(read, 0, memory, offset, read.byteSize());
    return (int) read.byteSize();
  }

  @Override
  public int write(MemorySegment memory, long offset, int length) {
    taken(1);
    return length;
  }

  @Override
  public int writev(MemorySegment iovecs, long offset, int count) {
    taken(count);
    return count;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
  private void taken(int packets) {
    taken += packets;
  }
}
