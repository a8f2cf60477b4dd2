// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.GATEWAY;
import static io.gatehouse.daemon.interop.Example.PEER;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code gatehouse} and the stock {@code wg} side by side, on tunnels of the data plane, of a
 * process of {@code gatehouse up}, and of wireguard-go: the same words give the same octets.
 */
class GatehouseCommandIT {
  private static final String COMMAND = Gatehouse.program("gatehouse");
  private static final Keys SECOND = Keys.random();

  private static Lab lab;
  private static Gatehouse gatehouse;

  @BeforeAll
  static void start() throws IOException {
    lab = new Lab();
    gatehouse = Gatehouse.start(lab, lab.gateway);
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "");
    gatehouse.drop(
        "wg0.conf",
        file()
            + """
            [Peer]
            # friendly_name = laptop
            PublicKey = %s
            PresharedKey = %s
            AllowedIPs = 10.7.0.0/16, fd00:7::/64
            Endpoint = [2001:db8::2]:4000
            PersistentKeepalive = 3725
            """
                .formatted(SECOND.publicKey(), SECOND.privateKey()));
    eventually(
        "wg0 is up",
        () -> lab.gateway.tryRun("ip", "route", "get", "192.168.200.1").output().contains("wg0"),
        gatehouse.daemon()::log);
    pings(lab.gateway, "192.168.200.1");
  }

  @AfterAll
  static void clear() {
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "interfaces",
        "wg0 public-key",
        "wg0 private-key",
        "wg0 listen-port",
        "wg0 fwmark",
        "wg0 peers",
        "wg0 preshared-keys",
        "wg0 endpoints",
        "wg0 allowed-ips",
        "wg0 latest-handshakes",
        "wg0 persistent-keepalive",
        "wg0 transfer",
        "wg0 dump",
        "all dump",
        "all allowed-ips",
        "all fwmark"
      })
  void showsTheSameAsWgOnOurTunnel(String words) {
    same(lab.gateway, ("show " + words).split(" "));
  }

  @Test
  void showsTheSameForPeopleWithKeysAndColoursAndOnATerminal() {
    same(lab.gateway, "show");
    same(lab.gateway, "show", "wg0");
    same(lab.gateway, "showconf", "wg0");
    for (String settings :
        new String[] {
          "WG_COLOR_MODE=always",
          "WG_HIDE_KEYS=never",
          "WG_COLOR_MODE=always WG_HIDE_KEYS=never",
          "WG_COLOR_MODE=sometimes"
        }) {
      sameOutput(lab.gateway, settings + " %s show wg0");
    }
    sameOutput(lab.gateway, "script -qec '%s show wg0' /dev/null");
    sameOutput(lab.gateway, "WG_COLOR_MODE=never script -qec '%s show wg0' /dev/null");
  }

  @Test
  void showsTheSameOnATunnelOfWireGuardGo() {
    same(lab.peer, "show");
    same(lab.peer, "show", "wg0", "dump");
    same(lab.peer, "showconf", "wg0");
    same(lab.peer, "show", "all", "endpoints");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set wg0 colour blue",
        "set wg0 listen-port",
        "set wg0 fwmark 0xzz",
        "set wg0 private-key /none",
        "set wg0 peer x remove",
        "set wg0 peer %1$s allowed-ips x/8",
        "set wg0 peer %1$s allowed-ips 10.0.0.0/33",
        "set wg0 peer %1$s endpoint 192.0.2.1",
        "set wg0 peer %1$s endpoint [::1",
        "set wg0 peer %1$s persistent-keepalive 70000",
        "set wg0 listen-port 51821x",
        "show wg0 colour",
        "setconf wg0 /none",
        "syncconf none /dev/null/none",
        "reboot",
      })
  void refusesWithTheSameFirstLineAndStatusAsWg(String words) {
    String[] given = words.formatted(PEER.publicKey()).split(" ");
    Command wg = lab.gateway.tryRun(with("wg", given));
    Command ours = lab.gateway.tryRun(with(COMMAND, given));

    assertThat(ours.exitCode()).isEqualTo(wg.exitCode()).isEqualTo(1);
    if (!wg.output().startsWith("fopen: Not a directory")) {
      assertThat(ours.output().lines().findFirst()).isEqualTo(wg.output().lines().findFirst());
    }
  }

  @Test
  void anInterfaceThatIsNotThereIsAnErrorWithARemedy() {
    Command ours = lab.gateway.tryRun(COMMAND, "show", "none");

    assertThat(ours.exitCode()).isEqualTo(1);
    assertThat(ours.output()).startsWith("Unable to access interface: No such device\n");
    assertThat(ours.output()).contains("gatehouse show interfaces");
  }

  @Test
  void setChangesWhatWgSetWouldChange() throws IOException {
    try (Daemon stock = lab.gateway.start("wireguard-go", "-f", "stock0");
        Daemon other = lab.gateway.start(Gatehouse.program("gatehouse-tunnel"), "-f", "other0")) {
      stock.ready("socket", () -> Files.exists(lab.gateway.uapiSocket("stock0")));
      other.ready("socket", () -> Files.exists(lab.gateway.uapiSocket("other0")));
      Path key = Files.writeString(lab.gateway.home().resolve("key"), GATEWAY.privateKey() + "\n");
      Path conf =
          Files.writeString(
              lab.gateway.home().resolve("a.conf"),
              """
              [Interface]
              PrivateKey = %s
              FwMark = 0x2a
              [Peer]
              PublicKey = %s
              PresharedKey = %s
              AllowedIPs = 10.1.0.0/16, fd00:1::/64
              Endpoint = 192.0.2.9:9
              PersistentKeepalive = 25
              """
                  .formatted(SECOND.privateKey(), PEER.publicKey(), PEER.privateKey()));
      List<String> script =
          List.of(
              "set %s private-key " + key + " listen-port 0 fwmark 17",
              "set %s peer "
                  + PEER.publicKey()
                  + " preshared-key "
                  + key
                  + " endpoint [2001:db8::2]:7 persistent-keepalive 9 allowed-ips 10.0.0.1/8,fd00::/64",
              "set %s peer " + PEER.publicKey() + " preshared-key /dev/null",
              "set %s peer "
                  + PEER.publicKey()
                  + " persistent-keepalive off allowed-ips 10.2.0.0/16",
              "setconf %s " + conf,
              "set %s listen-port 0",
              "set %s peer " + PEER.publicKey() + " remove",
              "set %s fwmark off private-key /dev/null");
      for (String step : script) {
        for (String tunnel : new String[] {"stock0", "other0"}) {
          String[] words = step.formatted(tunnel).split(" ");
          // wg steers wireguard-go, our command our tunnel; what they leave behind is compared.
          lab.gateway.run(with(tunnel.equals("stock0") ? "wg" : COMMAND, words));
        }
        assertThat(state("other0")).as(step).isEqualTo(state("stock0"));
      }
    }
  }

  @Test
  void signsChangeSingleAllowedIps() {
    lab.gateway.run(
        COMMAND,
        "set",
        "wg0",
        "peer",
        SECOND.publicKey(),
        "allowed-ips",
        "+10.8.0.0/16,-10.7.0.0/16");
    try {
      assertThat(WgShow.of(lab.gateway, "wg0").peer(SECOND.publicKey()).allowedIps().split(","))
          .containsExactlyInAnyOrder("10.8.0.0/16", "fd00:7::/64");
    } finally {
      lab.gateway.run(
          COMMAND,
          "set",
          "wg0",
          "peer",
          SECOND.publicKey(),
          "allowed-ips",
          "10.7.0.0/16,fd00:7::/64");
    }
  }

  @Test
  void syncconfOfWhatRunsChangesNothingAndAddconfAdds() {
    String before = lab.gateway.run("wg", "showconf", "wg0");
    long handshake = WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).latestHandshake();
    Keys newcomer = Keys.random();

    lab.gateway.feed(before, COMMAND, "syncconf", "wg0", "/dev/stdin");
    assertThat(lab.gateway.run("wg", "showconf", "wg0")).isEqualTo(before);

    lab.gateway.feed(
        "[Peer]\nPublicKey = " + newcomer.publicKey() + "\nAllowedIPs = 10.66.0.0/16\n",
        COMMAND,
        "addconf",
        "wg0",
        "/dev/stdin");
    assertThat(WgShow.of(lab.gateway, "wg0").peer(newcomer.publicKey()).allowedIps())
        .isEqualTo("10.66.0.0/16");

    lab.gateway.feed(before, COMMAND, "syncconf", "wg0", "/dev/stdin");
    assertThat(WgShow.of(lab.gateway, "wg0").find(newcomer.publicKey())).isEmpty();
    assertThat(WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).latestHandshake())
        .as("the session of the others goes on")
        .isGreaterThanOrEqualTo(handshake)
        .isPositive();
  }

  @Test
  void stripPrintsWhatWgQuickStripPrints() throws IOException {
    Path file = write("strip.conf", file() + "# end\n[Interface]\nPostUp = true # %i\nMTU=1400\n");

    assertThat(lab.gateway.run(COMMAND, "strip", file.toString()))
        .isEqualTo(lab.gateway.run("wg-quick", "strip", file.toString()));
    Command none = lab.gateway.tryRun(COMMAND, "strip", "./none.conf");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.output()).contains("`./none.conf' does not exist");
  }

  @Test
  void checkNamesLineValueAndCodeAndFailsForErrors() throws IOException {
    Path bad = write("bad.conf", file().replace("192.168.200.0/24", "192.168.200.0/33"));

    Command text = lab.gateway.tryRun(COMMAND, "check", bad.toString());
    Command json = lab.gateway.tryRun(COMMAND, "check", "--json", bad.toString());

    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.output()).contains("bad.conf:10", "192.168.200.0/33", "[ALLOWED-IPS]");
    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(json.output()).contains("\"good\":false", "\"code\":\"ALLOWED-IPS\"", "\"line\":10");
    Path good = write("good.conf", file());
    assertThat(lab.gateway.tryRun(COMMAND, "check", "--no-host", good.toString()).exitCode())
        .isZero();
    // The same tunnel under another name has no place beside the one that runs.
    Command twin = lab.gateway.tryRun(COMMAND, "check", good.toString());
    assertThat(twin.exitCode()).isEqualTo(1);
    assertThat(twin.output()).contains("in use by tunnel wg0", "interface wg0 has this address");
  }

  @Test
  void explainNamesRoutePeerAndEndpointAndWhyNot() {
    assertThat(lab.gateway.run(COMMAND, "explain", "10.0.0.1", "192.168.200.22"))
        .contains(
            "10.0.0.1 is an address of this machine",
            "route 192.168.200.0/24 of table main leads to wg0",
            "Tunnel wg0 gives it to peer " + PEER.publicKey(),
            "from port 51821 to 203.0.113.2:51822 by eth0",
            "There is a session",
            "An answer from 192.168.200.22 is accepted");
    assertThat(lab.gateway.run(COMMAND, "explain", "--json", "10.0.0.1", "10.7.3.4"))
        .contains(
            "\"carried\":true",
            "\"tunnel\":\"wg0\"",
            "\"allowedIp\":\"10.7.0.0/16\"",
            "\"peerName\":\"laptop\"",
            "\"answerAccepted\":true");
    assertThat(lab.gateway.run(COMMAND, "explain", "203.0.113.1", "203.0.113.9"))
        .contains("eth0 is no tunnel");
    assertThat(lab.gateway.run(COMMAND, "explain", "10.0.0.1", "198.51.100.1"))
        .contains("The kernel sends it nowhere");
    Command mixed = lab.gateway.tryRun(COMMAND, "explain", "10.0.0.1", "fd00::1");
    assertThat(mixed.exitCode()).isEqualTo(1);
    assertThat(mixed.output()).contains("same family");
  }

  @Test
  void upAndDownOfTheDataPlanesTunnelAreRequestsToIt() throws IOException {
    gatehouse.drop(
        "ask0.conf",
        "[Interface]\nPrivateKey = " + SECOND.privateKey() + "\nAddress = 10.44.0.1/24\n");
    eventually("ask0 is up", () -> lab.gateway.hasLink("ask0"), gatehouse.daemon()::log);
    String path = gatehouse.tunnels().resolve("ask0.conf").toString();

    lab.gateway.run(COMMAND, "down", path);
    assertThat(lab.gateway.hasLink("ask0")).isFalse();
    Command again = lab.gateway.tryRun(COMMAND, "down", path);
    assertThat(again.exitCode()).isEqualTo(1);

    lab.gateway.run(COMMAND, "up", path);
    assertThat(lab.gateway.hasLink("ask0")).isTrue();
    lab.gateway.run(
        COMMAND, "set", "ask0", "peer", PEER.publicKey(), "allowed-ips", "10.45.0.0/16");
    lab.gateway.run(COMMAND, "save", path);
    assertThat(gatehouse.tunnels().resolve("ask0.conf")).content().contains(PEER.publicKey());

    gatehouse.remove("ask0.conf");
    eventually("ask0 is gone", () -> !lab.gateway.hasLink("ask0"), gatehouse.daemon()::log);
  }

  @Test
  void upAndDownOfAnyOtherFileWorkWithoutADataPlane() throws IOException {
    NetworkNamespace alone = lab.machine("alone");
    Path file =
        write(
            alone,
            "solo0.conf",
            """
            [Interface]
            PrivateKey = %s
            Address = 10.55.0.1/24, fd00:55::1/64
            MTU = 1380
            SaveConfig = true
            [Peer]
            PublicKey = %s
            AllowedIPs = 10.56.0.0/16
            """
                .formatted(SECOND.privateKey(), PEER.publicKey()));

    up(alone, file).succeeded();

    assertThat(alone.run("ip", "address", "show", "dev", "solo0"))
        .contains("mtu 1380", "inet 10.55.0.1/24", "inet6 fd00:55::1/64");
    assertThat(alone.run("ip", "route", "show", "dev", "solo0")).contains("10.56.0.0/16");
    same(alone, "show", "all", "dump");
    Command twice = up(alone, file);
    assertThat(twice.exitCode()).isEqualTo(1);
    assertThat(twice.output()).contains("`solo0' already exists");
    alone.run(COMMAND, "set", "solo0", "peer", PEER.publicKey(), "persistent-keepalive", "33");

    alone.run(COMMAND, "down", file.toString());

    assertThat(alone.hasLink("solo0")).isFalse();
    assertThat(alone.uapiSocket("solo0")).doesNotExist();
    assertThat(file).content().contains("PersistentKeepalive = 33");
    Command gone = alone.tryRun(COMMAND, "down", file.toString());
    assertThat(gone.exitCode()).isEqualTo(1);
    assertThat(gone.output()).startsWith("gatehouse: `solo0' is not a WireGuard interface\n");

    // As wg-quick ends a userspace tunnel.
    up(alone, file).succeeded();
    Files.delete(alone.uapiSocket("solo0"));
    eventually("solo0 is gone", () -> !alone.hasLink("solo0"));
  }

  @Test
  void aFileThatCannotBeBroughtUpLeavesNothingBehind() throws IOException {
    NetworkNamespace alone = lab.machine("failing");
    Path bad = write(alone, "bad0.conf", "[Interface]\nListenPort = none\n");
    Path taken =
        write(
            alone,
            "taken0.conf",
            "[Interface]\nPrivateKey = %s\nListenPort = 5353\nAddress = 10.1.1.1/24\n"
                .formatted(SECOND.privateKey()));

    Command refused = up(alone, bad);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains("bad0.conf:2", "[LISTEN-PORT]");
    try (Daemon holder = alone.start("perl", "-e", UDP_HOLDER)) {
      holder.ready(
          "the port is taken", () -> !alone.run("ss", "-Huln", "sport", "=", ":5353").isBlank());
      Command failed = up(alone, taken);
      assertThat(failed.exitCode()).as(failed.output()).isEqualTo(1);
      assertThat(failed.output()).contains("taken0.conf", "[PORT-IN-USE]");
    }
    for (String name : new String[] {"bad0", "taken0"}) {
      assertThat(alone.hasLink(name)).isFalse();
      assertThat(alone.uapiSocket(name)).doesNotExist();
    }
    assertThat(alone.run("ip", "route", "show", "table", "all")).doesNotContain("10.1.1");
  }

  private static final String UDP_HOLDER =
      "use Socket qw(:DEFAULT inet_pton); socket(S, PF_INET6, SOCK_DGRAM, 17) or die;"
          + " bind(S, sockaddr_in6(5353, inet_pton(AF_INET6, '::'))) or die; sleep 60;";

  @Test
  void pubkeyOfAGenkeyIsWhatWgSaysAndAPskIsAKey() {
    String key = lab.gateway.run(COMMAND, "genkey");
    String psk = lab.gateway.run(COMMAND, "genpsk");

    assertThat(lab.gateway.feed(key, COMMAND, "pubkey"))
        .isEqualTo(lab.gateway.feed(key, "wg", "pubkey"));
    assertThat(psk).hasSize(45).isNotEqualTo(lab.gateway.run(COMMAND, "genpsk"));
    for (String bad : new String[] {"x", key.strip() + "x", "", " " + key}) {
      Command ours = Command.run(List.of(COMMAND, "pubkey"), bad);
      Command wg = Command.run(List.of("wg", "pubkey"), bad);
      assertThat(ours.exitCode()).isEqualTo(wg.exitCode()).isEqualTo(1);
      assertThat(ours.output().lines().findFirst().map(line -> line.replace("gatehouse:", "wg:")))
          .isEqualTo(wg.output().lines().findFirst());
    }
  }

  private static Command up(NetworkNamespace where, Path file) {
    return where.tryRun(
        "env",
        "GATEHOUSE_STATE_DIRECTORY=" + where.home().resolve("state"),
        COMMAND,
        "up",
        file.toString());
  }

  /** All that {@code wg} says of a tunnel but its port, which two of them cannot share. */
  private static String state(String tunnel) {
    return lab.gateway
        .run("wg", "showconf", tunnel)
        .replaceAll("ListenPort = [0-9]+\n", "")
        .replaceAll("\n+", "\n");
  }

  private static Path write(String name, String content) throws IOException {
    return write(lab.gateway, name, content);
  }

  private static Path write(NetworkNamespace where, String name, String content)
      throws IOException {
    Path file = where.home().resolve(name);
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static void same(NetworkNamespace where, String... words) {
    same(() -> where.run(with("wg", words)), () -> where.run(with(COMMAND, words)));
  }

  private static void sameOutput(NetworkNamespace where, String shell) {
    same(
        () -> where.run("sh", "-c", shell.formatted("wg")),
        () -> where.run("sh", "-c", shell.formatted(COMMAND)));
  }

  /** A keepalive may fall between two looks; then another pair of looks is equal. */
  private static void same(Supplier<String> stock, Supplier<String> ours) {
    eventually(
        "the same octets",
        () -> ageless(stock.get()).equals(ageless(ours.get())),
        () -> stock.get() + "\n---\n" + ours.get());
  }

  /** Between two looks time passes, so the age itself is for ShowTest. */
  private static String ageless(String text) {
    return text.replaceAll("(latest handshake.*?: ).* ago", "$1");
  }

  private static String[] with(String program, String... words) {
    List<String> all = new ArrayList<>(List.of(program));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }
}
