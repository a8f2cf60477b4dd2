// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.Poller;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.aead.Aead;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * UDP socket to TUN device, on its own thread: receive a batch and take it through to its end. When
 * more comes than this thread manages, others open batches while it receives the next ones.
 */
final class ReceiveLoop implements Runnable {
  /** So many octets in one batch are a full one. */
  private static final int FULL = 48 * 1024;

  /** After so many full batches in a row others are asked to help. */
  private static final int BACKLOG = 4;

  private final Aead aead;
  private final Workers workers;
  private final EventFd wake;
  private final SocketHandover sockets;
  private final Incoming.Destination destination;
  private final Incoming incoming;

  private final Poller poller = new Poller(2);
  private final int wakeSlot;
  private final int socketSlot;
  private @Nullable UdpSocket polled;

  /** Full batches since the socket was last empty. */
  private int backlog;

  /** What others help with; made when they first have to. */
  private volatile @Nullable Pipeline<Incoming> pipeline;

  /** Whether batches go through it now. */
  private boolean helped;

  private volatile boolean stopped;

  final Counter packets = new Counter();
  final Counter bytes = new Counter();
  final DropCounters drops;

  ReceiveLoop(
      PacketSink sink,
      Device device,
      Aead aead,
      EventFd wake,
      HandshakeQueue handshakes,
      Fallbacks fallbacks,
      Runnable wakeControlForHandshake,
      Consumer<Peer> wakeControl,
      Workers workers) {
    drops = new DropCounters(device);
    this.aead = aead;
    this.workers = workers;
    this.wake = wake;
    this.sockets = new SocketHandover(wake);
    destination =
        new Incoming.Destination(
            sink,
            device,
            handshakes,
            wakeControlForHandshake,
            wakeControl,
            fallbacks,
            packets,
            bytes,
            drops);
    incoming = new Incoming(destination);
    wakeSlot = poller.add(wake.fd());
    socketSlot = poller.add(-1);
  }

  /** Control thread: the socket to receive by, or none. Returns when the loop has it. */
  void socket(@Nullable UdpSocket next) {
    sockets.replace(next);
  }

  /** Any thread: whether others have helped. */
  boolean wasHelped() {
    return pipeline != null;
  }

  /** Any thread: ends the loop soon. */
  void stop() {
    stopped = true;
    wake.signal();
  }

  /** Loop's thread: nothing is sent or received any more. */
  void end() {
    sockets.end();
  }

  /** Returns after {@link #stop}; may be run again after it threw. */
  @Override
  public void run() {
    settle();
    while (!stopped) {
      Pipeline<Incoming> shared = pipeline;
      if (helped && shared != null) {
        helpedTurn(shared);
      } else {
        turn();
      }
    }
    settle();
  }

  /** One receive, or the wait for one. Apart from the loop, see {@link TransmitLoop}. */
  private void turn() {
    UdpSocket socket = sockets.take();
    if (socket != polled) {
      poller.replace(socketSlot, socket == null ? -1 : socket.fd());
      polled = socket;
    }
    int count = socket == null ? 0 : incoming.receive(socket);
    if (count > 0) {
      boolean full = incoming.octets() >= FULL;
      incoming.leave(aead);
      if (full) {
        getHelp();
      }
    } else {
      backlog = 0;
      await();
    }
  }

  private void await() {
    // An error is of one datagram that a peer's host refused (ICMP); it is read by that call.
    poller.poll(-1);
    if (poller.readable(wakeSlot)) {
      wake.drain();
    }
  }

  /** Asks for help when this thread has had more than it manages for a while. */
  private void getHelp() {
    if (++backlog >= BACKLOG && workers.count() > 0) {
      if (pipeline == null) {
        pipeline = new Pipeline<>(workers, () -> new Incoming(destination));
      }
      helped = true;
    }
  }

  /** All that was shared has left when it returns, and nothing is shared any more. */
  private void settle() {
    Pipeline<Incoming> shared = pipeline;
    if (shared != null) {
      shared.drain(aead);
    }
    helped = false;
    backlog = 0;
  }

  /** Receives one batch for whoever has time to open it, this thread included. */
  private void helpedTurn(Pipeline<Incoming> shared) {
    UdpSocket socket = polled;
    if (socket == null || sockets.isPending()) {
      settle();
      return;
    }
    Incoming batch = shared.free();
    if (batch == null) {
      if (!shared.help(aead)) {
        Pipeline.pause();
      }
      return;
    }
    if (batch.receive(socket) > 0) {
      shared.publish();
      return;
    }
    while (shared.help(aead)) {
      // There is nothing to receive, so this thread has the time.
    }
    if (shared.isEmpty()) {
      settle();
    }
    await();
  }
}
