// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.aead.Aead;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * UDP socket to TUN device: receive a batch and take it through to its end. When more comes than
 * one thread manages, others open batches while it receives the next ones.
 */
final class ReceiveLoop implements Direction {
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

  private @Nullable UdpSocket socket;

  /** Full batches since the socket was last empty. */
  private int backlog;

  /** What others help with; made when they first have to. */
  private volatile @Nullable Pipeline<Incoming> pipeline;

  /** Whether batches go through it now. */
  private volatile boolean helped;

  final Counter packets = new Counter();
  final Counter bytes = new Counter();
  final DropCounters drops;

  /** Datagrams received, whatever they were, and their octets. */
  final Counter datagrams = new Counter();

  final Counter datagramBytes = new Counter();

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
  }

  /** Control thread: the socket to receive by, or none. Returns when the loop has it. */
  void socket(@Nullable UdpSocket next) {
    sockets.replace(next);
  }

  /** Any thread: whether others have helped. */
  boolean wasHelped() {
    return pipeline != null;
  }

  @Override
  public int fd() {
    UdpSocket by = socket;
    return by == null ? -1 : by.fd();
  }

  @Override
  public EventFd wake() {
    return wake;
  }

  @Override
  public boolean isHelped() {
    return helped;
  }

  @Override
  public long octets() {
    return bytes.get();
  }

  @Override
  public void end() {
    sockets.end();
  }

  @Override
  public Found turn(boolean alone) {
    Pipeline<Incoming> shared = pipeline;
    if (helped && shared != null) {
      return helpedTurn(shared) ? Found.MORE : Found.NOTHING;
    }
    return turnAlone();
  }

  private Found turnAlone() {
    UdpSocket by = sockets.take();
    socket = by;
    if (by == null || incoming.receive(by) <= 0) {
      backlog = 0;
      return Found.NOTHING;
    }
    boolean full = count(incoming) >= FULL;
    boolean one = incoming.isOne();
    incoming.leave(aead);
    if (full) {
      getHelp();
    }
    return one ? Found.ONE : Found.MORE;
  }

  /** Counts what was received; its octets. */
  private int count(Incoming batch) {
    int octets = batch.octets();
    datagrams.add(batch.datagrams());
    datagramBytes.add(octets);
    return octets;
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
  @Override
  public void settle() {
    Pipeline<Incoming> shared = pipeline;
    if (shared != null) {
      shared.drain(aead);
    }
    helped = false;
    backlog = 0;
  }

  /** Receives one batch for whoever has time to open it, this thread included. */
  private boolean helpedTurn(Pipeline<Incoming> shared) {
    UdpSocket by = socket;
    if (by == null || sockets.isPending()) {
      settle();
      return true;
    }
    Incoming batch = shared.free();
    if (batch == null) {
      if (!shared.help(aead)) {
        Pipeline.pause();
      }
      return true;
    }
    if (batch.receive(by) > 0) {
      var _ = count(batch);
      shared.publish();
      return true;
    }
    while (shared.help(aead)) {
      // There is nothing to receive, so this thread has the time.
    }
    if (shared.isEmpty()) {
      settle();
    }
    return false;
  }
}
