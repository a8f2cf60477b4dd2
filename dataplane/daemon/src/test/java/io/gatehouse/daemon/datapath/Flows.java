// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Numbered UDP datagrams between two machines, in several flows at a time, each with an answer of
 * the same number: none may be lost and none may overtake another of its flow.
 */
final class Flows {
  /** Datagrams of a flow that are under way at a time; more could overflow a socket's buffer. */
  private static final int WINDOW = 24;

  private static final int LENGTH = 700;
  private static final int TIMEOUT_MILLIS = 60_000;

  private Flows() {}

  /** Runs so many flows with so many datagrams each, there and back. */
  static void pass(Machine from, Machine to, String address, int flows, int datagrams)
      throws Exception {
    List<AutoCloseable> open = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < flows; i++) {
        DatagramSocket server =
            to.inside(() -> new DatagramSocket(new InetSocketAddress(address, 0)));
        open.add(server);
        DatagramSocket client = from.inside(() -> new DatagramSocket());
        open.add(client);
        server.setSoTimeout(TIMEOUT_MILLIS);
        client.setSoTimeout(TIMEOUT_MILLIS);
        client.connect(InetAddress.getByName(address), server.getLocalPort());
        work.add(threads.submit(answer(server, datagrams)));
        work.add(threads.submit(ask(client, datagrams)));
      }
      for (Future<?> each : work) {
        each.get();
      }
    } finally {
      for (AutoCloseable socket : open) {
        socket.close();
      }
    }
  }

  private static Callable<Void> answer(DatagramSocket server, int datagrams) {
    return () -> {
      DatagramPacket packet = new DatagramPacket(new byte[LENGTH], LENGTH);
      for (int number = 0; number < datagrams; number++) {
        server.receive(packet);
        assertThat(number(packet)).as("what comes there").isEqualTo(number);
        server.send(packet);
      }
      return null;
    };
  }

  private static Callable<Void> ask(DatagramSocket client, int datagrams) {
    return () -> {
      DatagramPacket answer = new DatagramPacket(new byte[LENGTH], LENGTH);
      int asked = 0;
      for (int number = 0; number < datagrams; number++) {
        for (; asked < datagrams && asked - number < WINDOW; asked++) {
          byte[] octets = ByteBuffer.allocate(LENGTH).putInt(asked).array();
          client.send(new DatagramPacket(octets, LENGTH));
        }
        client.receive(answer);
        assertThat(number(answer)).as("what comes back").isEqualTo(number);
      }
      return null;
    };
  }

  private static int number(DatagramPacket packet) {
    return ByteBuffer.wrap(packet.getData()).getInt();
  }
}
