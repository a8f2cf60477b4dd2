// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.BouncyCastleAead;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files and the kernel's real state. Carries no traffic, so it works in the namespace of the build,
 * on an interface of a name and networks of its own. Needs root and /dev/net/tun.
 */
class TunnelsIT {
  private static final String NAME = "ghw" + ProcessHandle.current().pid();
  private static final String FILE =
      text(
          "Address = 198.18.77.1/32, fd77:77::1/64\n",
          peer(1, "AllowedIPs = 198.18.78.0/24\n"),
          peer(2, "AllowedIPs = 198.18.79.0/24, fd77:77::2, fd77:78::/64\n"));

  @TempDir private Path path;
  private final AtomicInteger attached = new AtomicInteger();
  private Tunnels tunnels;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectory(path.resolve("tunnels"));
    tunnels =
        Tunnels.start(
            new Tunnels.Options(
                path.resolve("tunnels"),
                path.resolve("state"),
                Optional.empty(),
                1 << 20,
                FirstStart.APPLY,
                "1.0",
                Host.ofThisMachine(
                    TunDevice.Offloads.ALL,
                    new TunnelOptions(UdpSocket.Options.DEFAULT, BouncyCastleAead::new),
                    (tunnel, changed) -> {
                      attached.incrementAndGet();
                      return attached::decrementAndGet;
                    },
                    "")));
  }

  @AfterEach
  void stop() {
    tunnels.close();
    assertThat(ip("-br", "link")).doesNotContain(NAME);
  }

  @Test
  void aDroppedFileIsAnInterfaceUntilItGoes() throws IOException {
    drop(FILE);
    eventually(status -> status.state() == TunnelStatus.State.UP);
    assertThat(ip("-o", "address", "show", "dev", NAME))
        .contains("inet 198.18.77.1/32")
        .contains("inet6 fd77:77::1/64");
    assertThat(ip("link", "show", "dev", NAME)).contains(",UP,");
    assertThat(ip("-4", "route", "show", "dev", NAME))
        .contains("198.18.78.0/24 scope link")
        .contains("198.18.79.0/24 scope link");
    assertThat(ip("-6", "route", "show", "dev", NAME))
        .contains("fd77:78::/64")
        .doesNotContain("fd77:77::2 ");
    assertThat(attached).hasValue(1);
    assertThat(only().peers()).extracting(p -> p.number()).containsExactly(1, 2);
    int ifIndex = only().ifIndex();

    drop(
        text(
            "Address = 198.18.77.2/32\nMTU = 1300\n",
            peer(1, "AllowedIPs = 198.18.78.0/24\n"),
            peer(3, "AllowedIPs = 198.18.80.0/24\n")));
    eventually(status -> status.peers().stream().anyMatch(peer -> peer.number() == 3));
    assertThat(only().mtu()).isEqualTo(1300);
    assertThat(only().ifIndex()).isEqualTo(ifIndex);
    assertThat(only().peers()).extracting(p -> p.number()).containsExactly(1, 3);
    assertThat(ip("-o", "address", "show", "dev", NAME))
        .contains("inet 198.18.77.2/32")
        .doesNotContain("198.18.77.1")
        .doesNotContain("fd77");
    assertThat(ip("-4", "route", "show", "dev", NAME))
        .contains("198.18.78.0/24")
        .contains("198.18.80.0/24")
        .doesNotContain("198.18.79.0");

    Files.delete(path.resolve("tunnels").resolve(NAME + ".conf"));
    eventually(() -> tunnels.status().tunnels().isEmpty());
    assertThat(ip("-br", "link")).doesNotContain(NAME);
    assertThat(ip("route", "show", "table", "all")).doesNotContain("198.18.7");
    assertThat(attached).hasValue(0);
  }

  @Test
  void aBadFileIsSaidAndTheTunnelGoesOn() throws IOException {
    drop(FILE);
    eventually(status -> status.state() == TunnelStatus.State.UP);
    drop(FILE + "Endpoint = 192.0.2.1:99999\n");
    eventually(status -> !status.findings().isEmpty());
    assertThat(only().findings()).extracting(FindingStatus::code).containsExactly("ENDPOINT-PORT");
    assertThat(only().state()).isEqualTo(TunnelStatus.State.UP);
  }

  @Test
  void aPeerIsAddedToFileAndTunnel() throws IOException {
    drop(FILE);
    eventually(status -> status.state() == TunnelStatus.State.UP);
    PeerConfig added =
        new PeerConfig(
            key(9),
            Optional.empty(),
            List.of(Prefix.parse("198.18.81.0/24")),
            Optional.empty(),
            OptionalInt.of(25),
            Optional.of("Dora"),
            0);
    assertThat(tunnels.addPeer(NAME, added, Confs.ALICE)).isInstanceOf(Edit.Done.class);
    assertThat(only().peers().getLast().name()).isEqualTo("Dora");
    assertThat(ip("-4", "route", "show", "dev", NAME)).contains("198.18.81.0/24");
    assertThat(path.resolve("tunnels").resolve(NAME + ".conf")).content().startsWith(FILE);
  }

  @Test
  void anInterfaceThatIsDeletedIsMadeAgain() throws IOException {
    drop(FILE);
    eventually(status -> status.state() == TunnelStatus.State.UP);
    int ifIndex = only().ifIndex();
    ip("link", "delete", "dev", NAME);
    eventually(status -> status.state() == TunnelStatus.State.UP && status.ifIndex() != ifIndex);
    assertThat(ip("-4", "route", "show", "dev", NAME)).contains("198.18.78.0/24");
  }

  @Test
  void aRouteThatOneTunnelGivesUpAnotherTakesInTheSameMoment() throws IOException {
    String one = peer(1, "AllowedIPs = 198.18.78.0/24\n");
    String other = peer(2, "AllowedIPs = 198.18.79.0/24\n");
    drop(text("", one));
    drop(NAME + "b", text("", other));
    eventually(() -> ip("route").contains("198.18.78.0/24") && ip("route").contains(NAME + "b"));

    drop(NAME, text("", one + other));
    drop(NAME + "b", text("", peer(2, "")));

    eventually(() -> ip("route", "show", "dev", NAME).contains("198.18.79.0/24"));
    assertThat(ip("route", "show", "dev", NAME)).contains("198.18.78.0/24");
    tunnels.close();
  }

  private void drop(String text) throws IOException {
    drop(NAME, text);
  }

  private void drop(String name, String text) throws IOException {
    Path temporary = Files.writeString(path.resolve("new"), text);
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
    Files.move(
        temporary, path.resolve("tunnels").resolve(name + ".conf"), StandardCopyOption.ATOMIC_MOVE);
  }

  private TunnelStatus only() {
    assertThat(tunnels.status().tunnels()).hasSize(1);
    return tunnels.status().tunnels().getFirst();
  }

  private void eventually(Predicate<TunnelStatus> condition) {
    eventually(() -> tunnels.status().tunnels().stream().anyMatch(condition));
  }

  private void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(() -> tunnels.status().toString()).isLessThan(deadline);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static String ip(String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(command + ": " + out).isZero();
      return out;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
