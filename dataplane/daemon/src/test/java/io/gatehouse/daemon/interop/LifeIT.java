// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.GATEWAY;
import static io.gatehouse.daemon.interop.Example.PEER;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The life of a tunnel on one data plane with hooks switched on: what the administrator does to it
 * by its file, by commands and behind its back. Each test has a tunnel of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifeIT {
  private static final Map<String, String> HOOKS = Map.of("GATEHOUSE_HOOKS", "true");

  private Lab lab;
  private Gatehouse gatehouse;
  private Path hosts;

  @BeforeAll
  void start() throws IOException {
    lab = new Lab();
    // Only programs in the gateway's namespace see this in place of /etc/hosts.
    Path all = Path.of("/etc/netns");
    if (!Files.exists(all)) {
      Files.createDirectory(all);
      lab.keep(() -> Files.delete(all));
    }
    Path directory = Files.createDirectory(all.resolve(lab.gateway.name()));
    hosts = directory.resolve("hosts");
    lab.keep(
        () -> {
          Files.deleteIfExists(hosts);
          Files.delete(directory);
        });
    Files.writeString(hosts, "127.0.0.1 localhost\n203.0.113.99 peer.example\n");
    gatehouse = Gatehouse.start(lab, lab.gateway, HOOKS);
  }

  @AfterAll
  void clear() {
    lab.close();
  }

  @AfterEach
  void takeAllDown() throws IOException {
    List<Path> files;
    try (var all = Files.newDirectoryStream(gatehouse.tunnels(), "*.conf")) {
      files = StreamSupport.stream(all.spliterator(), false).toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      gatehouse.remove(name);
      eventually(
          name + " is gone",
          () -> gatehouse.daemon().log().contains(name + " is gone"),
          gatehouse.daemon()::log);
      assertThat(lab.gateway.hasLink(name.replace(".conf", ""))).isFalse();
    }
  }

  @Test
  void hooksSeeWhatTheySeeUnderWgQuick() throws IOException {
    Path ours = lab.gateway.home().resolve("hooks.log");
    Path theirs = lab.peer.home().resolve("hooks.log");
    gatehouse.drop("hooked.conf", hooked(ours));
    eventually("PostUp has run", () -> lines(ours) == 3, gatehouse.daemon()::log);
    gatehouse.remove("hooked.conf");
    eventually("PostDown has run", () -> lines(ours) == 5, gatehouse.daemon()::log);

    Path stock = lab.peer.home().resolve("hooked.conf");
    Files.writeString(stock, hooked(theirs));
    lab.peer.run("wg-quick", "up", stock.toString());
    lab.peer.run("wg-quick", "down", stock.toString());

    assertThat(ours).hasSameTextualContentAs(theirs);
    assertThat(ours)
        .content()
        .isEqualTo(
            """
            PreUp one hooked none
            PreUp two
            PostUp hooked 10.9.0.1/32 192.168.90.0/24
            PreDown hooked 10.9.0.1/32 192.168.90.0/24
            PostDown hooked none
            """);
  }

  private static String hooked(Path log) {
    String seen =
        "$(ip -br -4 address show dev %i 2>/dev/null | awk '{print $3}')"
            + " $(ip -4 route show dev %i 2>/dev/null | awk '{print $1}')";
    String none = "$(ip link show dev %i >/dev/null 2>&1 || echo none)";
    return """
        [Interface]
        PrivateKey = %1$s
        Address = 10.9.0.1/32
        PreUp = echo PreUp one %%i %4$s >> %2$s
        PreUp = [[ %%i == +([a-z]) ]] && echo PreUp two >> %2$s
        PostUp = echo PostUp %%i %3$s >> %2$s
        PreDown = echo PreDown %%i %3$s >> %2$s
        PostDown = echo PostDown %%i %4$s >> %2$s
        [Peer]
        PublicKey = %5$s
        AllowedIPs = 192.168.90.0/24
        """
        .formatted(GATEWAY.privateKey(), log, seen, none, PEER.publicKey());
  }

  @Test
  void aHookThatFailsLeavesNothing() throws IOException {
    gatehouse.drop(
        "failing.conf",
        file()
            .replace("ListenPort = 51821", "PostUp = ip link show dev %i && echo so sorry; false"));
    eventually(
        "the log says so",
        () -> gatehouse.daemon().log().contains("and said: so sorry; the tunnel is not brought up"),
        gatehouse.daemon()::log);
    assertThat(lab.gateway.hasLink("failing")).isFalse();
    assertThat(lab.gateway.uapiSocket("failing")).doesNotExist();
  }

  @Test
  void aTunnelThatIsTakenDownIsSavedAndStaysDownOverARestart() throws IOException {
    String file =
        "# my own words\n"
            + file().replace("51821", "51823 # fixed\nSaveConfig = true\nTable = off");
    gatehouse.drop("held.conf", file);
    eventually("held is up", () -> isUp("held"), gatehouse.daemon()::log);
    lab.gateway.run("wg", "set", "held", "peer", PEER.publicKey(), "persistent-keepalive", "21");

    assertThat(control("tunnel.down", "held")).contains("\"result\"");

    assertThat(lab.gateway.hasLink("held")).isFalse();
    Path saved = gatehouse.tunnels().resolve("held.conf");
    assertThat(saved).content().startsWith(file).endsWith("PersistentKeepalive = 21\n");
    gatehouse.daemon().close();
    gatehouse = Gatehouse.start(lab, lab.gateway, HOOKS);
    eventually(
        "the file was looked at",
        () -> gatehouse.daemon().log().contains("taken down by the administrator and stays down"),
        gatehouse.daemon()::log);
    assertThat(lab.gateway.hasLink("held")).isFalse();

    assertThat(control("tunnel.up", "held")).contains("\"result\"");

    assertThat(isUp("held")).isTrue();
    assertThat(control("tunnel.up", "held")).contains("TUNNEL-IS-UP");
  }

  @Test
  void whatIsTakenAwayByHandComesBack() {
    gatehouse.drop(
        "healed.conf",
        """
        [Interface]
        PrivateKey = %s
        Address = 10.8.0.1/24, fd08::1/64
        ListenPort = 51824
        [Peer]
        PublicKey = %s
        AllowedIPs = 0.0.0.0/0, 192.168.80.0/24, fd80::/64
        """
            .formatted(GATEWAY.privateKey(), PEER.publicKey()));
    eventually("healed is up", () -> isUp("healed") && state().contains("lookup"), this::state);
    String before = state();
    for (String harm :
        new String[] {
          "ip address del 10.8.0.1/24 dev healed",
          "ip -6 route del fd80::/64 dev healed",
          "ip rule del not fwmark 51820",
        }) {
      lab.gateway.run(harm.split(" "));
      eventually("healed after " + harm, () -> state().equals(before), this::state);
    }
    assertThat(gatehouse.daemon().log())
        .contains("somebody took this away, and it was put back: address 10.8.0.1/24")
        .contains("route fd80::/64")
        .contains("rule priority");

    lab.gateway.run("ip", "link", "set", "dev", "healed", "down");
    eventually(
        "the link is said to be down",
        () -> gatehouse.daemon().log().contains("the link was set down by hand"),
        gatehouse.daemon()::log);
    lab.gateway.run("ip", "link", "set", "dev", "healed", "name", "renamed");
    lab.gateway.run("ip", "link", "set", "dev", "renamed", "up");
    eventually(
        "whole under another name",
        () -> lab.gateway.run("ip", "route", "show", "dev", "renamed").contains("192.168.80.0/24"),
        gatehouse.daemon()::log);
    eventually(
        "the name is said",
        () -> gatehouse.daemon().log().contains("the interface is called renamed now"),
        gatehouse.daemon()::log);
    lab.gateway.run("ip", "link", "set", "dev", "renamed", "down");
    lab.gateway.run("ip", "link", "set", "dev", "renamed", "name", "healed");
    lab.gateway.run("ip", "link", "set", "dev", "healed", "mtu", "1380", "up");
    eventually("whole after down and up", () -> state().equals(before), this::state);
    eventually(
        "the MTU is said",
        () -> gatehouse.daemon().log().contains("the MTU was set to 1380 by hand"),
        gatehouse.daemon()::log);

    lab.gateway.run("ip", "link", "delete", "dev", "healed");
    eventually("made again", () -> isUp("healed") && state().equals(before), this::state);
  }

  /** Addresses, routes and rules, without what the kernel chooses as it likes. */
  private String state() {
    return String.join(
            "",
            lab.gateway.tryRun("ip", "-br", "address", "show", "dev", "healed").output(),
            lab.gateway.run("ip", "-4", "route", "show", "table", "all"),
            lab.gateway.run("ip", "-6", "route", "show", "table", "all"),
            lab.gateway.run("ip", "rule", "show"),
            lab.gateway.run("ip", "-6", "rule", "show"))
        .lines()
        .map(line -> line.replaceAll("fe80::[0-9a-f:]+/64", ""))
        .filter(line -> !line.contains("fe80::") && !line.contains("multicast"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aPeerIsFoundAgainBehindItsName() throws IOException {
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "");
    // The name leads nowhere yet.
    gatehouse.drop("named.conf", file().replace("203.0.113.2:", "peer.example:"));
    eventually("named is up", () -> isUp("named"), gatehouse.daemon()::log);
    Daemon traffic = lab.keep(lab.gateway.start("ping", "-q", "-i", "0.5", "192.168.200.1"));
    eventually(
        "the first address is known",
        () -> lab.gateway.run("wg", "show", "named", "endpoints").contains("203.0.113.99:51822"));
    Files.writeString(hosts, "127.0.0.1 localhost\n203.0.113.2 peer.example\n");
    eventually(
        "it was tried three times",
        () -> lab.gateway.run("wg", "show", "named", "transfer").matches("(?s).*\t(444|592)\n"));
    eventually(
        "the second address is known",
        () -> lab.gateway.run("wg", "show", "named", "endpoints").contains("203.0.113.2:51822"),
        gatehouse.daemon()::log);
    eventually(
        "there is a session",
        () -> !lab.gateway.run("wg", "show", "named", "latest-handshakes").endsWith("\t0\n"),
        gatehouse.daemon()::log);
    traffic.close();
    pings(lab.gateway, "192.168.200.1");
  }

  private boolean isUp(String tunnel) {
    Command link = lab.gateway.tryRun("ip", "link", "show", "dev", tunnel, "up");
    return link.exitCode() == 0 && !link.output().isBlank();
  }

  private static long lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Asks over the control socket, in its own words. */
  private String control(String method, String tunnel) throws IOException {
    Path socket = lab.gateway.home().resolve("gatehouse/control.sock");
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      String request =
          """
          {"jsonrpc":"2.0","id":1,"method":"%s","params":{"tunnel":"%s"}}
          """
              .formatted(method, tunnel);
      channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
      StringBuilder answer = new StringBuilder();
      var in = Channels.newInputStream(channel);
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        answer.append((char) c);
      }
      return answer.toString();
    }
  }
}
