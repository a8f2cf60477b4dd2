// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Fifty peers carry traffic through one tunnel while others are added, changed and removed in its
 * file: none of them loses a packet or makes a new handshake. One of the fifty is wireguard-go, the
 * others are tunnels of a second data plane.
 */
class UntouchedPeersIT {
  private static final int PEERS = 50;
  private static final int EDITS = 20;
  private static final int PINGS = 10;
  private static final Pattern RECEIVED =
      Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

  private Lab lab;
  private Gatehouse gatehouse;
  private final Keys gatewayKeys = Keys.random();
  private final List<Keys> peers = IntStream.range(0, PEERS).mapToObj(i -> Keys.random()).toList();
  private final List<Keys> others = IntStream.range(0, 10).mapToObj(i -> Keys.random()).toList();

  @BeforeEach
  void start() throws IOException {
    lab = new Lab();
    StringBuilder routing = new StringBuilder();
    for (int i = 1; i < PEERS; i++) {
      // Its answers leave by the tunnel whose address they come from.
      routing.append("rule add from %s lookup %d\n".formatted(inside(i), 1000 + i));
    }
    lab.peer.feed(routing.toString(), "ip", "-batch", "-");
    gatehouse = Gatehouse.start(lab, lab.gateway);
    Gatehouse far = Gatehouse.start(lab, lab.peer);
    for (int i = 1; i < PEERS; i++) {
      far.drop("far" + i + ".conf", farFile(i));
    }
    startWireGuardGo();
    gatehouse.drop("wg0.conf", file(0));
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void noPacketIsLostAndNoHandshakeIsMadeWhileOthersComeChangeAndGo() throws IOException {
    eventually("the tunnel is up", () -> lab.gateway.hasLink("wg0"), gatehouse.daemon()::log);
    eventually("each peer answers", this::eachAnswers, gatehouse.daemon()::log);
    Map<String, Long> handshakes = handshakes();
    assertThat(handshakes.values()).doesNotContain(0L);

    Path out = Files.createDirectory(lab.gateway.home().resolve("pings"));
    Path stop = out.resolve("stop");
    Daemon traffic =
        lab.keep(
            lab.gateway.start(
                "sh", "-c", "while [ ! -e %s ]; do %s; done".formatted(stop, pings(PINGS, out))));
    for (int edit = 1; edit <= EDITS; edit++) {
      gatehouse.drop("wg0.conf", file(edit));
      String expected = othersOf(edit);
      eventually(
          "edit " + edit + " is applied",
          () -> othersThatRun().equals(expected),
          gatehouse.daemon()::log);
    }
    Files.createFile(stop);
    eventually("the traffic is over", () -> !traffic.isAlive());

    Pinged all = pinged(out);
    System.out.println(
        PEERS
            + " peers, "
            + EDITS
            + " edits of the file meanwhile: "
            + all.sent()
            + " packets, "
            + (all.sent() - all.received())
            + " lost");
    assertThat(all.sent()).isGreaterThanOrEqualTo(PEERS * PINGS);
    assertThat(all.received()).isEqualTo(all.sent());
    assertThat(handshakes()).isEqualTo(handshakes);
  }

  /** The file of the gateway at an edit; the fifty are always the same. */
  private String file(int edit) {
    StringBuilder file =
        new StringBuilder(
            """
            # edit %d
            [Interface]
            PrivateKey = %s
            Address = 10.0.0.1/32
            ListenPort = 51821
            """
                .formatted(edit, gatewayKeys.privateKey()));
    for (int i = 0; i < PEERS; i++) {
      file.append(
          """
          [Peer]
          PublicKey = %s
          AllowedIPs = %s/32
          Endpoint = 203.0.113.2:%d
          """
              .formatted(peers.get(i).publicKey(), inside(i), 52000 + i));
    }
    for (int i = 0; i < others.size(); i++) {
      if (isThere(i, edit)) {
        file.append(
            "[Peer]\nPublicKey = %s\nAllowedIPs = %s\n"
                .formatted(others.get(i).publicKey(), allowedIps(i, edit)));
      }
    }
    return file.toString();
  }

  /** Each comes, changes and goes at other times. */
  private static boolean isThere(int other, int edit) {
    return edit > 0 && (edit + other) % 3 != 0;
  }

  private static String allowedIps(int other, int edit) {
    return "10.7.%d.%d/32".formatted(other, edit);
  }

  private String othersOf(int edit) {
    return IntStream.range(0, others.size())
        .filter(i -> isThere(i, edit))
        .mapToObj(i -> others.get(i).publicKey() + " " + allowedIps(i, edit))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private String othersThatRun() {
    return WgShow.of(lab.gateway, "wg0").peers().stream()
        .filter(peer -> peer.allowedIps().startsWith("10.7."))
        .map(peer -> peer.publicKey() + " " + peer.allowedIps())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private String farFile(int i) {
    return """
    [Interface]
    PrivateKey = %s
    Address = %s/32
    ListenPort = %d
    Table = %d
    [Peer]
    PublicKey = %s
    AllowedIPs = 10.0.0.1/32
    """
        .formatted(
            peers.get(i).privateKey(), inside(i), 52000 + i, 1000 + i, gatewayKeys.publicKey());
  }

  private void startWireGuardGo() {
    lab.startWireGuardGo(lab.peer, "wg0");
    lab.peer.feed(
        """
        [Interface]
        PrivateKey = %s
        ListenPort = 52000
        [Peer]
        PublicKey = %s
        AllowedIPs = 10.0.0.1/32
        """
            .formatted(peers.getFirst().privateKey(), gatewayKeys.publicKey()),
        "wg",
        "setconf",
        "wg0",
        "/dev/stdin");
    lab.peer.run("ip", "address", "add", inside(0) + "/32", "dev", "wg0");
    lab.peer.run("ip", "link", "set", "dev", "wg0", "mtu", "1420", "up");
    lab.peer.run("ip", "route", "replace", "10.0.0.1/32", "dev", "wg0");
  }

  private static String inside(int peer) {
    return "10.1.0." + (peer + 1);
  }

  private Map<String, Long> handshakes() {
    List<String> fifty = peers.stream().map(Keys::publicKey).toList();
    return WgShow.of(lab.gateway, "wg0").peers().stream()
        .filter(peer -> fifty.contains(peer.publicKey()))
        .collect(Collectors.toMap(WgShow.Peer::publicKey, WgShow.Peer::latestHandshake));
  }

  /** All of them at a time; each says at the end what it has received. */
  private static String pings(int count, Path out) {
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < PEERS; i++) {
      commands.append(
          "ping -q -c %d -i 0.2 -W 30 %s >> %s & "
              .formatted(count, inside(i), out.resolve(Integer.toString(i))));
    }
    return commands + "wait";
  }

  private boolean eachAnswers() {
    try {
      Path out = Files.createTempDirectory(lab.gateway.home(), "round");
      var _ = lab.gateway.tryRun("sh", "-c", pings(1, out));
      return pinged(out).received() == PEERS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Packets there, and packets back. */
  private record Pinged(int sent, int received) {}

  private static Pinged pinged(Path out) throws IOException {
    int sent = 0;
    int received = 0;
    for (int i = 0; i < PEERS; i++) {
      Matcher matcher = RECEIVED.matcher(Files.readString(out.resolve(Integer.toString(i))));
      while (matcher.find()) {
        sent += Integer.parseInt(matcher.group(1));
        received += Integer.parseInt(matcher.group(2));
      }
    }
    return new Pinged(sent, received);
  }
}
