// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UapiSocketsTest {
  private static final UapiDevice EMPTY =
      new UapiDevice() {
        @Override
        public DeviceSnapshot snapshot() {
          return new DeviceSnapshot(
              Optional.empty(), Optional.empty(), 0, 0, java.util.Map.of(), List.of());
        }

        @Override
        public void apply(DeviceChange change) {}
      };

  /** Has more to say than fits into the buffers of a socket. */
  private static final UapiDevice HUGE =
      new UapiDevice() {
        @Override
        public DeviceSnapshot snapshot() {
          PeerSnapshot peer =
              new PeerSnapshot(
                  PublicKey.of(new byte[32]),
                  Optional.empty(),
                  Optional.empty(),
                  0,
                  Collections.nCopies(20_000, Prefix.parse("2001:db8::/64")),
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  PeerSnapshot.State.NEVER,
                  -1,
                  Map.of());
          return new DeviceSnapshot(
              Optional.empty(), Optional.empty(), 0, 0, Map.of(), Collections.nCopies(2, peer));
        }

        @Override
        public void apply(DeviceChange change) {}
      };

  @TempDir Path parent;
  private Path directory;
  private UapiSockets sockets;

  @BeforeEach
  void open() throws IOException {
    directory = parent.resolve("wireguard");
    sockets = UapiSockets.open(directory);
  }

  @AfterEach
  void close() {
    sockets.close();
  }

  @Test
  void aSocketIsForItsOwnerAloneAndGoesAwayAtTheEnd() throws IOException {
    Path file = directory.resolve("wg0.sock");
    UapiSocket socket = sockets.serve("wg0", EMPTY, () -> {});

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(ask(file)).isEqualTo("errno=0\n\n");

    socket.close();

    assertThat(file).doesNotExist();
  }

  @Test
  void aNameThatIsServedIsRefused() throws IOException {
    sockets.serve("wg0", EMPTY, () -> {});

    assertThatThrownBy(() -> sockets.serve("wg0", EMPTY, () -> {}))
        .hasMessageContaining("EADDRINUSE");
  }

  @Test
  void deletingTheFileIsToldAndTheNameCanBeServedAgain() throws Exception {
    Path file = directory.resolve("wg0.sock");
    CountDownLatch gone = new CountDownLatch(1);
    sockets.serve("wg0", EMPTY, gone::countDown);

    Files.delete(file);

    assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
    sockets.serve("wg0", EMPTY, () -> {});
    assertThat(ask(file)).isEqualTo("errno=0\n\n");
  }

  @Test
  void aSilentClientHoldsUpNobody() throws IOException {
    Path file = directory.resolve("wg0.sock");
    sockets.serve("wg0", EMPTY, () -> {});
    try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      silent.write(ByteBuffer.wrap("set=1\n".getBytes(US_ASCII)));

      assertThat(ask(file)).isEqualTo("errno=0\n\n");
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsUpNobody() throws IOException {
    Path file = directory.resolve("wg0.sock");
    sockets.serve("wg0", HUGE, () -> {});
    try (SocketChannel stalled = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      stalled.write(ByteBuffer.wrap("get=1\n\n".getBytes(US_ASCII)));

      try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
        other.write(ByteBuffer.wrap("get=1\n\n".getBytes(US_ASCII)));
        assertThat(drain(other)).endsWith("errno=0\n\n");
      }
    }
  }

  @Test
  void silentClientsHoldUpNobodyHoweverManyTheyAre() throws IOException {
    Path file = directory.resolve("wg0.sock");
    sockets.serve("wg0", EMPTY, () -> {});
    List<SocketChannel> silent = new ArrayList<>();
    for (int i = 0; i < 3 * Clients.MOST; i++) {
      SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(file));
      client.write(ByteBuffer.wrap("set=1\nlisten_po".getBytes(US_ASCII)));
      silent.add(client);
    }

    assertThat(ask(file)).isEqualTo("errno=0\n\n");

    // The first ones have been turned away, the last ones have not.
    assertThat(silent.getFirst().read(ByteBuffer.allocate(1))).isNegative();
    SocketChannel last = silent.getLast();
    last.write(ByteBuffer.wrap("rt=1\n\n".getBytes(US_ASCII)));
    assertThat(drain(last)).isEqualTo("errno=0\n\n");
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("uapi-client-wg0"))
            .count();
    assertThat(threads).isLessThanOrEqualTo(2L * Clients.MOST);
    for (SocketChannel client : silent) {
      client.close();
    }
  }

  @Test
  void manyClientsAtOnceAreAllAnswered() throws Exception {
    Path file = directory.resolve("wg0.sock");
    sockets.serve("wg0", EMPTY, () -> {});
    try (var clients = Executors.newFixedThreadPool(32)) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        answers.add(clients.submit(() -> ask(file)));
      }
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo("errno=0\n\n");
      }
    }
  }

  /** Reads up to the blank line. */
  private static String drain(SocketChannel channel) throws IOException {
    StringBuilder text = new StringBuilder();
    ByteBuffer piece = ByteBuffer.allocate(1 << 16);
    while (!text.toString().endsWith("\n\n") && channel.read(piece.clear()) >= 0) {
      text.append(new String(piece.array(), 0, piece.position(), US_ASCII));
    }
    return text.toString();
  }

  private static String ask(Path file) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      channel.write(ByteBuffer.wrap("get=1\n\n".getBytes(US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(100);
      while (answer.position() < 9 && channel.read(answer) >= 0) {
        // More may come.
      }
      return new String(answer.array(), 0, answer.position(), US_ASCII);
    }
  }
}
