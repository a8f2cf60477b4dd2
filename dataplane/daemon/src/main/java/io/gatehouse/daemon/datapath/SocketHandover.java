// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Gives a packet thread another socket without a lock on its path. The old socket may be closed
 * only after the thread has let go of it: a closed descriptor can be reused for something else at
 * once.
 */
final class SocketHandover {
  private final EventFd wake;
  private volatile @Nullable UdpSocket next;
  private volatile @Nullable UdpSocket current;
  private volatile boolean ended;

  /**
   * A handover to the thread that waits on {@code wake}.
   *
   * @param wake signalled when there is something to take
   */
  SocketHandover(EventFd wake) {
    this.wake = wake;
  }

  /** Control thread: puts a socket in place, or none, and returns when the thread has it. */
  void replace(@Nullable UdpSocket socket) {
    next = socket;
    wake.signal();
    while (current != socket && !ended) {
      LockSupport.parkNanos(20_000);
    }
  }

  /** Packet thread: whether {@link #take} will give another socket than the one in use. */
  boolean isPending() {
    return next != current;
  }

  /** Packet thread: the socket to use until the next call, or null while the interface is down. */
  @Nullable UdpSocket take() {
    UdpSocket socket = next;
    if (socket != current) {
      current = socket;
    }
    return socket;
  }

  /** Packet thread: it uses no socket any more. */
  void end() {
    ended = true;
  }
}
