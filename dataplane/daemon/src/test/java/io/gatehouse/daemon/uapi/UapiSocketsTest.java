// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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
