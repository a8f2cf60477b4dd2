// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.wgquick.PublicKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * A transmit loop, the loopback interface and a receive loop, with the threads of one queue pair:
 * from a source to a sink, with a session between two devices of this process.
 */
final class HelpedPath implements AutoCloseable {
  final TransmitLoop transmit;
  final ReceiveLoop receive;
  final Device from;
  final Device to;
  private final PacketThreads threads;
  private final List<Runnable> opened = new ArrayList<>();

  HelpedPath(
      PacketSource source,
      PacketSink sink,
      UdpSocket.Options options,
      Supplier<Aead> aead,
      Workers workers,
      PacketThreads.Sharing sharing)
      throws Exception {
    UdpSocket out = UdpSocket.bind(0, options);
    UdpSocket in = UdpSocket.bind(0, options);
    EventFd transmitWake = EventFd.open();
    EventFd receiveWake = EventFd.open();
    opened.addAll(List.of(out::close, in::close, transmitWake::close, receiveWake::close));
    Queue<byte[]> toFrom = new ArrayDeque<>();
    Queue<byte[]> toTo = new ArrayDeque<>();
    long now = System.nanoTime();
    from = device(toTo, now);
    to = device(toFrom, now);
    meet(from, to, in.port(), now);
    meet(to, from, out.port(), now);
    shakeHands(toFrom, toTo, out.port(), now);
    Fallbacks fallbacks = new Fallbacks(text -> {});
    transmit =
        new TransmitLoop(
            source,
            new SuperPackets.Recorder(),
            from,
            aead.get(),
            transmitWake,
            fallbacks,
            peer -> {},
            workers);
    transmit.mtu(1420);
    receive =
        new ReceiveLoop(
            sink,
            to,
            aead.get(),
            receiveWake,
            new HandshakeQueue(),
            fallbacks,
            () -> {},
            peer -> {},
            workers);
    threads = new PacketThreads("helped", receive, transmit, true, sharing);
    threads.start();
    receive.socket(in);
    transmit.socket(out);
  }

  private static Device device(Queue<byte[]> outbox, long now) {
    DeviceOutput output =
        new DeviceOutput() {
          @Override
          public boolean sendHandshake(byte[] message, Endpoint to) {
            return outbox.add(message);
          }

          @Override
          public void wakeTransmit(Peer peer) {
            // Traffic is on its way anyway.
          }
        };
    Device device = new Device(output, new SecureRandom(), Instant::now, now);
    device.apply(Changes.privateKey(HandMadePeer.randomKey()), now);
    device.up(now);
    return device;
  }

  private static void meet(Device device, Device other, int port, long now) {
    PublicKey key = other.snapshot(now).publicKey().orElseThrow();
    device.apply(Changes.peerAt(key, "127.0.0.1", port, "0.0.0.0/0", "::/0"), now);
  }

  private void shakeHands(Queue<byte[]> toFrom, Queue<byte[]> toTo, int port, long now) {
    Peer peer = from.peers().getFirst();
    Endpoint back = Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    Endpoint there = peer.endpoint();
    if (there == null || !peer.requestHandshake()) {
      throw new AssertionError("no handshake was begun");
    }
    from.service(peer, now);
    for (byte[] message = toTo.poll(); message != null; message = toTo.poll()) {
      to.receive(message, message.length, back, false, now);
    }
    for (byte[] message = toFrom.poll(); message != null; message = toFrom.poll()) {
      from.receive(message, message.length, there, false, now);
    }
  }

  @Override
  public void close() {
    threads.stop();
    threads.join();
    opened.forEach(Runnable::run);
  }
}
