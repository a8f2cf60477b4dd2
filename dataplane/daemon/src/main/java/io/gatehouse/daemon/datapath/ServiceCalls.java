// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.protocol.Peer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What calls the control thread: peers that it is to look after, and anything else that it finds by
 * itself once awake. Any thread may call; the control thread hears.
 *
 * <p>Tunnels and their {@link Rehearsal} use this one class: another one would be new to the code
 * that was compiled for the rehearsal, and have it thrown away when a tunnel first calls.
 */
final class ServiceCalls implements Consumer<Peer> {
  private final EventFd wake;
  private final AtomicBoolean signalled = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Peer> peers = new ConcurrentLinkedQueue<>();

  /**
   * None yet.
   *
   * @param wake what the control thread waits for; stays the caller's
   */
  ServiceCalls(EventFd wake) {
    this.wake = wake;
  }

  /** Any thread: look after this peer. */
  @Override
  public void accept(Peer peer) {
    peers.add(peer);
    call();
  }

  /** Any thread: look at everything. */
  void call() {
    // One system call per nap of the control thread, not per message.
    if (!signalled.getAndSet(true)) {
      wake.signal();
    }
  }

  /** Control thread: awake now, and about to look. */
  void heard() {
    wake.drain();
    signalled.set(false);
  }

  /** Control thread: the next peer to look after, null when there is none. */
  @Nullable Peer poll() {
    return peers.poll();
  }
}
