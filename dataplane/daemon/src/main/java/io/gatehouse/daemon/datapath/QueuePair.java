// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.Peer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One queue of the TUN device and one UDP socket, with the {@link PacketThreads} between them. A
 * tunnel has one pair, or several on machines with many cores: the kernel spreads flows over the
 * queues and senders over the sockets, and keeps each in order.
 */
final class QueuePair {
  private final TunDevice tun;
  private final EventFd transmitWake;
  private final EventFd receiveWake;
  private final PacketThreads threads;
  private final Carried carried;

  final TransmitLoop transmit;
  final ReceiveLoop receive;

  private QueuePair(
      String name,
      TunDevice tun,
      EventFd transmitWake,
      EventFd receiveWake,
      Device device,
      TunnelOptions options,
      HandshakeQueue handshakes,
      Fallbacks fallbacks,
      Runnable wakeControl,
      Consumer<Peer> serveSoon) {
    this.tun = tun;
    this.transmitWake = transmitWake;
    this.receiveWake = receiveWake;
    TunPackets packets = new TunPackets(tun);
    transmit =
        new TransmitLoop(
            packets,
            packets,
            device,
            options.aead().get(),
            transmitWake,
            fallbacks,
            serveSoon,
            options.workers());
    receive =
        new ReceiveLoop(
            packets,
            device,
            options.aead().get(),
            receiveWake,
            handshakes,
            fallbacks,
            wakeControl,
            serveSoon,
            options.workers());
    threads = new PacketThreads(name, receive, transmit, false, PacketThreads.Sharing.USUAL);
    carried = options.carried();
    carried.add(transmit);
    carried.add(receive);
  }

  /**
   * A pair whose threads have not started yet. The device queue becomes its own.
   *
   * @param name what its threads are called
   * @throws LinuxException if the kernel refuses a descriptor; the device queue is open then
   */
  static QueuePair open(
      String name,
      TunDevice tun,
      Device device,
      TunnelOptions options,
      HandshakeQueue handshakes,
      Fallbacks fallbacks,
      Runnable wakeControl,
      Consumer<Peer> serveSoon)
      throws LinuxException {
    EventFd transmitWake = EventFd.open();
    try {
      EventFd receiveWake = EventFd.open();
      try {
        return new QueuePair(
            name,
            tun,
            transmitWake,
            receiveWake,
            device,
            options,
            handshakes,
            fallbacks,
            wakeControl,
            serveSoon);
      } catch (RuntimeException | Error e) {
        receiveWake.close();
        throw e;
      }
    } catch (LinuxException | RuntimeException | Error e) {
      transmitWake.close();
      throw e;
    }
  }

  /** The queue of the device. */
  TunDevice tun() {
    return tun;
  }

  void start() {
    threads.start();
  }

  /** Control thread: the socket to use, or none. Returns when both directions have it. */
  void socket(@Nullable UdpSocket next) {
    transmit.socket(next);
    receive.socket(next);
  }

  /** Any thread: ends the threads soon. */
  void stop() {
    threads.stop();
  }

  /** Returns when the threads have ended after {@link #stop}, or were never started. */
  void join() {
    threads.join();
  }

  /** Closes the device queue; the threads must have ended. */
  void close() {
    carried.remove(transmit);
    carried.remove(receive);
    tun.close();
    transmitWake.close();
    receiveWake.close();
  }
}
