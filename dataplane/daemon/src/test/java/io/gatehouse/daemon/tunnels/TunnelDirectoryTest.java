// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks at a real directory, at simulated times. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class TunnelDirectoryTest {
  @TempDir private Path path;
  private TunnelDirectory directory;
  private long now;

  @BeforeEach
  void open() {
    directory = new TunnelDirectory(path);
  }

  @Test
  void aFileCountsOnceItStaysTheSame() throws IOException {
    write("wg0.conf", text(""));
    TunnelDirectory.Look first = look();
    assertThat(first.files()).isEmpty();
    assertThat(first.unsettled()).isTrue();
    write("wg0.conf", text("ListenPort = 1\n"));
    assertThat(look().files()).isEmpty();
    TunnelDirectory.Look last = look();
    assertThat(last.unsettled()).isFalse();
    assertThat(
            last.files()
                .get("wg0.conf")
                .document()
                .orElseThrow()
                .config()
                .orElseThrow()
                .listenPort())
        .hasValue(1);
  }

  @Test
  void aLookTooSoonSettlesNothing() throws IOException {
    write("wg0.conf", text(""));
    look();
    assertThat(directory.look(now + TunnelDirectory.SETTLE_NANOS - 1).files()).isEmpty();
    assertThat(directory.look(now + TunnelDirectory.SETTLE_NANOS).files()).hasSize(1);
  }

  @Test
  void aChangedFileKeepsItsOldContentUntilItSettles() throws IOException {
    write("wg0.conf", text(""));
    DroppedFile old = settled().get("wg0.conf");
    write("wg0.conf", text("ListenPort = 2\n"));
    assertThat(look().files()).containsEntry("wg0.conf", old);
    assertThat(look().files().get("wg0.conf")).isNotSameAs(old);
  }

  @Test
  void aFileThatGoesAndComesBackAtOnceWasNeverAway() throws IOException {
    write("wg0.conf", text(""));
    settled();
    Files.move(path.resolve("wg0.conf"), path.resolve("away"));
    assertThat(look().files()).hasSize(1);
    Files.move(path.resolve("away"), path.resolve("wg0.conf"));
    assertThat(look().files()).hasSize(1);
    assertThat(look().files()).hasSize(1);
    Files.delete(path.resolve("wg0.conf"));
    assertThat(look().files()).hasSize(1);
    assertThat(look().files()).isEmpty();
  }

  @Test
  void otherNamesAreNoneOfOurs() throws IOException {
    for (String name : List.of("README", "wg0.conf~", ".wg0.conf.swp", ".wg0.conf", "wg0.CONF")) {
      write(name, text(""));
    }
    assertThat(settled()).isEmpty();
  }

  @Test
  void whatIsNoFileIsSaidAndNeverHangs() throws IOException, InterruptedException {
    Files.createDirectory(path.resolve("dir.conf"));
    assertThat(new ProcessBuilder("mkfifo", path.resolve("fifo.conf").toString()).start().waitFor())
        .isZero();
    Files.createSymbolicLink(path.resolve("null.conf"), Path.of("/dev/null"));
    Files.createSymbolicLink(path.resolve("loop.conf"), path.resolve("loop.conf"));
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(path.resolve("socket.conf")));
      assertThat(codes("dir.conf")).containsExactly("NOT-A-FILE");
      assertThat(codes("fifo.conf")).containsExactly("NOT-A-FILE");
      assertThat(codes("null.conf")).containsExactly("NOT-A-FILE");
      assertThat(codes("socket.conf")).containsExactly("NOT-A-FILE");
      assertThat(codes("loop.conf")).containsExactly("UNREADABLE");
    }
  }

  @Test
  void namesThatAreNoInterfaceNamesAreSaid() throws IOException {
    for (String name : List.of("a b.conf", "-wg0.conf", "sixteencharacter.conf")) {
      write(name, text(""));
      assertThat(codes(name)).containsExactly("FILE-NAME");
    }
    write("lo.conf", text(""));
    assertThat(codes("lo.conf")).containsExactly("NAME-RESERVED");
  }

  @Test
  void whoCanReadOrWriteTheFileMatters() throws IOException {
    write("wg0.conf", text(""));
    mode("wg0.conf", "rw-rw----");
    assertThat(codes("wg0.conf")).containsExactly("WRITABLE-BY-OTHERS");
    mode("wg0.conf", "rw-r--r--");
    DroppedFile readable = settled().get("wg0.conf");
    assertThat(readable.document()).isPresent();
    assertThat(readable.findings()).extracting(Finding::code).containsExactly("READABLE-BY-OTHERS");
    assertThat(readable.findings().getFirst().remedy()).contains("chmod 600");
    mode("wg0.conf", "rw-------");
    assertThat(codes("wg0.conf")).isEmpty();
    Files.setAttribute(path.resolve("wg0.conf"), "unix:uid", 65534);
    assertThat(codes("wg0.conf")).containsExactly("OWNER");
  }

  @Test
  void aLinkToAFileIsAFile() throws IOException {
    write("real", text(""));
    Files.createSymbolicLink(path.resolve("wg0.conf"), path.resolve("real"));
    assertThat(settled().get("wg0.conf").document()).isPresent();
  }

  @Test
  void emptyHalfWrittenAndLargeFilesAreSaid() throws IOException {
    write("wg0.conf", "");
    assertThat(codes("wg0.conf")).containsExactly("EMPTY-FILE");
    write("wg0.conf", text("ListenPort = 1\n").substring(0, 40));
    assertThat(codes("wg0.conf")).containsExactly("KEY-LENGTH");
    write("wg0.conf", "#".repeat(WgQuickFile.LARGEST + 1));
    assertThat(codes("wg0.conf")).containsExactly("TOO-LARGE");
  }

  @Test
  void ownWritesAreTakenAtOnce() throws IOException {
    write("wg0.conf", text(""));
    settled();
    AtomicFile.write(path.resolve("wg0.conf"), text("ListenPort = 3\n").getBytes(UTF_8));
    DroppedFile file = directory.readNow("wg0.conf", now);
    assertThat(file.document().orElseThrow().config().orElseThrow().listenPort()).hasValue(3);
    assertThat(look().files()).containsEntry("wg0.conf", file);
    assertThat(look().unsettled()).isFalse();
  }

  @Test
  void atomicWritesKeepOwnerModeAndLinksAndLeaveNoRest() throws IOException {
    write("real", "old");
    mode("real", "rw-r-----");
    Files.setAttribute(path.resolve("real"), "unix:gid", 65534);
    Files.createSymbolicLink(path.resolve("wg0.conf"), path.resolve("real"));
    AtomicFile.write(path.resolve("wg0.conf"), "new".getBytes(UTF_8));
    assertThat(path.resolve("real")).hasContent("new");
    assertThat(Files.isSymbolicLink(path.resolve("wg0.conf"))).isTrue();
    assertThat(Files.getAttribute(path.resolve("real"), "unix:gid")).isEqualTo(65534);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("real"))))
        .isEqualTo("rw-r-----");
    try (var files = Files.list(path)) {
      assertThat(files).hasSize(2);
    }
  }

  private TunnelDirectory.Look look() throws IOException {
    now += TunnelDirectory.SETTLE_NANOS;
    return directory.look(now);
  }

  private java.util.SortedMap<String, DroppedFile> settled() throws IOException {
    look();
    return look().files();
  }

  private List<String> codes(String name) throws IOException {
    return settled().get(name).findings().stream().map(Finding::code).toList();
  }

  private void write(String name, String text) throws IOException {
    Path file = path.resolve(name);
    Files.writeString(file, text);
    mode(name, "rw-------");
  }

  private void mode(String name, String mode) throws IOException {
    Files.setPosixFilePermissions(path.resolve(name), PosixFilePermissions.fromString(mode));
  }
}
