// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.Poller;
import io.gatehouse.linux.UdpReceiveBatch;
import io.gatehouse.linux.UdpSendBatch;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Endpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** A plain UDP socket in a machine that also says and tells the traffic class. For one thread. */
final class Datagrams implements AutoCloseable {
  private static final long PATIENCE = 60_000_000_000L;

  private final UdpSocket socket;
  private final UdpSendBatch out = new UdpSendBatch(256);
  private final UdpReceiveBatch in = new UdpReceiveBatch(1, 65536);
  private final MemorySegment memory = Arena.ofAuto().allocate(1 << 20, 64);
  private final Poller poller = new Poller(1);

  /** A datagram as it came. */
  static final class Received {
    private final byte[] octets;
    private final int trafficClass;
    private final Endpoint from;

    private Received(byte[] octets, int trafficClass, Endpoint from) {
      this.octets = octets;
      this.trafficClass = trafficClass;
      this.from = from;
    }

    byte[] octets() {
      return octets;
    }

    int trafficClass() {
      return trafficClass;
    }

    Endpoint from() {
      return from;
    }
  }

  /** Bound to a port of all addresses; 0 is any. */
  Datagrams(Machine where, int port) throws Exception {
    socket = where.inside(() -> UdpSocket.bind(port, UdpSocket.Options.PLAIN));
    poller.add(socket.fd());
  }

  int port() {
    return socket.port();
  }

  /** Sends up to 256 datagrams of together at most 1 MiB in one go. */
  void send(Endpoint to, int trafficClass, byte[]... datagrams) {
    long at = 0;
    for (byte[] datagram : datagrams) {
      MemorySegment.copy(datagram, 0, memory, ValueLayout.JAVA_BYTE, at, datagram.length);
      out.add(
          memory,
          at,
          datagram.length,
          Math.max(1, datagram.length),
          to.addressHigh(),
          to.addressLow(),
          to.port(),
          0,
          0,
          0,
          0,
          trafficClass);
      at += datagram.length;
    }
    int result = out.flush(socket);
    if (result < 0) {
      throw new AssertionError("the kernel refuses it: errno " + -result);
    }
  }

  /** The next datagram. */
  Received receive() {
    return poll(PATIENCE).orElseThrow(() -> new AssertionError("nothing came"));
  }

  /** The next datagram within that time, if one comes. */
  Optional<Received> poll(long nanos) {
    if (in.receive(socket) <= 0 && (poller.poll(nanos) <= 0 || in.receive(socket) <= 0)) {
      return Optional.empty();
    }
    byte[] octets = in.memory().asSlice(in.offset(0), in.length(0)).toArray(ValueLayout.JAVA_BYTE);
    return Optional.of(
        new Received(
            octets,
            in.trafficClass(0),
            new Endpoint(in.addressHigh(0), in.addressLow(0), in.port(0), 0, 0, 0, 0)));
  }

  /** Throws away what waits. */
  void drain() {
    boolean more;
    do {
      more = poll(0).isPresent();
    } while (more);
  }

  @Override
  public void close() {
    socket.close();
  }
}
