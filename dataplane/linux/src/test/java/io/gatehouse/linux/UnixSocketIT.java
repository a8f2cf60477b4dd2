// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** UNIX listeners and streams against the JDK's own socket channels. */
class UnixSocketIT {
  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("wg0.sock");
  }

  @Test
  void carriesBytesBothWays() throws Exception {
    try (UnixListener listener = UnixListener.bind(path);
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
        UnixStream stream = listener.accept().orElseThrow()) {
      client.write(StandardCharsets.UTF_8.encode("get=1\n\n"));
      byte[] request = new byte[100];
      assertThat(stream.read(request, 0, 100)).isEqualTo(7);
      assertThat(new String(request, 0, 7, StandardCharsets.UTF_8)).isEqualTo("get=1\n\n");

      // More than the socket's buffer takes at once.
      byte[] answer = new byte[2_000_000];
      answer[1_999_999] = 77;
      FutureTask<ByteBuffer> reading =
          new FutureTask<>(
              () -> {
                ByteBuffer got = ByteBuffer.allocate(answer.length);
                while (got.hasRemaining() && client.read(got) >= 0) {}
                return got;
              });
      Thread.ofPlatform().start(reading);
      stream.outputStream().write(answer);
      assertThat(reading.get().array()).isEqualTo(answer);

      client.shutdownOutput();
      assertThat(stream.inputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void isForTheOwnerOnly() throws Exception {
    try (UnixListener listener = UnixListener.bind(path)) {
      assertThat(listener.path()).contains(path);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void tellsWhoConnected() throws Exception {
    try (UnixListener listener = UnixListener.bind(path);
        UnixStream client = UnixStream.connect(path);
        UnixStream stream = listener.accept().orElseThrow()) {
      int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      int pid = (int) ProcessHandle.current().pid();
      assertThat(stream.peerCredentials().pid()).isEqualTo(pid);
      assertThat(stream.peerCredentials().uid()).isEqualTo(uid);
      assertThat(client.peerCredentials().pid()).isEqualTo(pid);
    }
  }

  @Test
  void replacesStaleSocketOnly() throws Exception {
    // The JDK leaves the file behind when it closes.
    ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    stale.bind(UnixDomainSocketAddress.of(path));
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> UnixListener.bind(path))
        .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EADDRINUSE"))
        .withMessageContaining("another process listens there");
    stale.close();
    assertThat(path).exists();
    try (UnixListener listener = UnixListener.bind(path)) {
      assertThat(listener.isReachable()).isTrue();
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void leavesOtherFilesAlone() throws Exception {
    Files.writeString(path, "precious");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> UnixListener.bind(path))
        .withMessageContaining("EEXIST");
    assertThat(path).hasContent("precious");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> UnixListener.bind(directory.resolve("no/wg0.sock")))
        .withMessageContaining("make the directory first");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> UnixListener.bind(directory.resolve("x".repeat(100))))
        .withMessageContaining("107 octets");
  }

  @Test
  void removesOnlyItsOwnFile() throws Exception {
    UnixListener first = UnixListener.bind(path);
    Files.delete(path);
    assertThat(first.isReachable()).isFalse();
    try (UnixListener second = UnixListener.bind(path)) {
      first.close();
      assertThat(path).exists();
      assertThat(second.isReachable()).isTrue();
    }
  }

  @Test
  void closingEndsAcceptAndRead() throws Exception {
    UnixListener listener = UnixListener.bind(path);
    UnixStream client = UnixStream.connect(path);
    UnixStream stream = listener.accept().orElseThrow();
    FutureTask<Optional<UnixStream>> accepting = new FutureTask<>(listener::accept);
    FutureTask<Integer> reading = new FutureTask<>(() -> stream.read(new byte[1], 0, 1));
    Thread.ofPlatform().start(accepting);
    Thread.ofPlatform().start(reading);
    listener.close();
    assertThat(accepting.get()).isEmpty();
    stream.close();
    try {
      assertThat(reading.get()).isEqualTo(-1);
    } catch (java.util.concurrent.ExecutionException e) {
      // The reader came after the close.
      assertThat(e).hasCauseInstanceOf(LinuxException.class);
    }
    client.close();
  }

  @Test
  void timesOut() throws Exception {
    try (UnixListener listener = UnixListener.bind(path);
        UnixStream client = UnixStream.connect(path)) {
      client.timeout(Duration.ofMillis(1));
      assertThatExceptionOfType(LinuxException.class)
          .isThrownBy(() -> client.read(new byte[1], 0, 1))
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
      assertThat(listener.fd()).isPositive();
    }
  }

  @Test
  void adoptsListeningDescriptor() throws Exception {
    try (UnixListener made = UnixListener.bind(path)) {
      int fd = LibC.fcntl(made.fd(), LibC.F_DUPFD_CLOEXEC, 0);
      try (UnixListener adopted = UnixListener.adopt(fd);
          UnixStream client = UnixStream.connect(path);
          UnixStream stream = adopted.accept().orElseThrow()) {
        assertThat(adopted.path()).contains(path);
        client.write(new byte[] {42}, 0, 1);
        assertThat(stream.inputStream().read()).isEqualTo(42);
      }
      assertThat(path).doesNotExist();
    }
    try (EventFd event = EventFd.open()) {
      assertThatExceptionOfType(LinuxException.class)
          .isThrownBy(() -> UnixListener.adopt(event.fd()))
          .withMessageContaining("WG_UAPI_FD");
    }
  }

  @Test
  void writingToClosedEndFails() throws IOException {
    try (UnixListener listener = UnixListener.bind(path);
        UnixStream client = UnixStream.connect(path)) {
      listener.accept().orElseThrow().close();
      assertThatExceptionOfType(LinuxException.class)
          .isThrownBy(() -> client.write(new byte[10], 0, 10))
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
    }
  }
}
