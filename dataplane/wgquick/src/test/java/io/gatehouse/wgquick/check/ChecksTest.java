// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.HostFacts.HostInterface;
import io.gatehouse.wgquick.check.HostFacts.Session;
import io.gatehouse.wgquick.check.HostFacts.UsedPort;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksTest {
  private static final String ALICE = key(1);
  private static final String BOB = key(2);
  private static final Host NOTHING = new Host();

  @Test
  void aFileThatIsRightHasNothingToBeSaid() {
    String text = device(1) + peer("Alice", ALICE, "10.1.0.2/32") + peer("Bob", BOB, "10.1.0.3/32");
    assertThat(check(NOTHING.with("eth0", "192.0.2.9/24"), file("wg0", text))).isEmpty();
  }

  @Test
  void theSameAllowedIpInTwoPeersIsAnErrorThatNamesBoth() {
    WgQuickFile file =
        file(
            "wg0",
            device(1)
                + peer("Alice", ALICE, "10.9.0.0/16, 10.1.0.2/32")
                + peer("Bob", BOB, "10.1.0.2"));
    Finding finding = only(check(NOTHING, file));
    assertThat(finding.code()).isEqualTo("ALLOWED-IPS-SHARED");
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.line()).isEqualTo(12);
    assertThat(finding.value()).isEqualTo("10.1.0.2/32");
    assertThat(finding.message()).contains("Alice (" + ALICE, "Bob (" + BOB);
    WgQuickFile fixed = file.edit(finding.fix());
    assertThat(check(NOTHING, fixed)).isEmpty();
    assertThat(fixed.config().orElseThrow().peers())
        .extracting(p -> p.allowedIps().toString())
        .isEqualTo(
            file.config().orElseThrow().peers().stream()
                .map(p -> p.allowedIps().toString())
                .toList());
  }

  @Test
  void aDisabledPeerDoesNotCount() {
    WgQuickFile file =
        file("wg0", device(1) + peer("Alice", ALICE, "10.1.0.2/32") + peer("Bob", BOB, "10.1.0.2"))
            .edit(new FileEdit.Disable(PublicKey.parse(BOB)));
    assertThat(check(NOTHING.own("wg0", BOB), file)).isEmpty();
  }

  @Test
  void nestedAllowedIpsAreOneNoteForEachOuterOne() {
    StringBuilder text = new StringBuilder(device(1) + peer("Hub", ALICE, "10.0.0.0/8"));
    for (int i = 0; i < 50; i++) {
      text.append(peer("p" + i, key(100 + i), "10.7.0." + i + "/32"));
    }
    text.append(peer("Own", BOB, "fd00::/16, fd00:1::/32"));
    Finding finding = only(check(NOTHING, file("wg0", text.toString())));
    assertThat(finding.code()).isEqualTo("ALLOWED-IPS-NESTED");
    assertThat(finding.severity()).isEqualTo(Severity.NOTE);
    assertThat(finding.line()).isEqualTo(8);
    assertThat(finding.message()).contains("50 prefixes", "10.7.0.0/32 of p0");
  }

  @Test
  void addressesAreOneInterfacesOnly() {
    WgQuickFile first = file("wg0", device(1));
    WgQuickFile second = file("wg1", device(2).replace("10.2.0.1/24", "10.1.0.1/32"));
    assertThat(codes(check(NOTHING, first, second))).containsExactly("wg1:3 ADDRESS-SHARED");
    Host host = NOTHING.with("eth0", "10.1.0.1/30").with("wg1", "10.1.0.1/32");
    assertThat(codes(check(host, first)))
        .containsExactly("wg0:3 ADDRESS-SHARED", "wg0:3 NETWORK-SHARED");
    assertThat(codes(check(NOTHING.with("wg0", "10.1.0.1/24"), first))).isEmpty();
    assertThat(codes(check(NOTHING, file("wg0", device(1) + peer("A", ALICE, "10.1.0.1/32")))))
        .containsExactly("wg0:8 ADDRESS-OF-PEER");
  }

  @Test
  void keysAreOneTunnelsOnly() {
    WgQuickFile first = file("wg0", device(1));
    String same = device(2).replace(secret(2), secret(1));
    Finding finding = only(check(NOTHING, first, file("wg1", same)));
    assertThat(codes(List.of(finding))).containsExactly("wg1:2 PRIVATE-KEY-SHARED");
    assertThat(finding.toString()).doesNotContain(secret(1)).contains("tunnel wg0");

    WgQuickFile own = file("wg0", device(1) + peer("Me", ALICE, "10.1.0.2/32"));
    Finding me = only(check(NOTHING.own("wg0", ALICE), own));
    assertThat(codes(List.of(me))).containsExactly("wg0:7 OWN-KEY");
    assertThat(own.edit(me.fix()).config().orElseThrow().peers()).isEmpty();
  }

  @Test
  void anEndpointInItsOwnAllowedIpsLoops() {
    String at = peer("A", ALICE, "203.0.113.0/24") + "Endpoint = 203.0.113.7:51820\n";
    assertThat(codes(check(NOTHING, file("wg0", device(1) + at))))
        .containsExactly("wg0:9 ENDPOINT-LOOP");
    // Marked packets do not take the default route; the network that the host is in is nearer.
    assertThat(check(NOTHING, file("wg0", device(1) + at.replace("203.0.113.0/24", "0.0.0.0/0"))))
        .isEmpty();
    assertThat(
            codes(
                check(
                    NOTHING,
                    file(
                        "wg0",
                        device(1) + at.replace("203.0.113.0/24", "0.0.0.0/1, 128.0.0.0/1")))))
        .containsExactly("wg0:9 ENDPOINT-LOOP");
    assertThat(check(NOTHING.with("eth0", "203.0.113.6/29"), file("wg0", device(1) + at)))
        .extracting(Finding::code)
        .doesNotContain("ENDPOINT-LOOP");
    assertThat(check(NOTHING, file("wg0", device(1) + "Table = off\n" + at))).isEmpty();
    // Through another peer is no loop, but a way.
    assertThat(
            codes(check(NOTHING, file("wg0", device(1) + at + peer("B", BOB, "203.0.113.7/32")))))
        .containsExactly("wg0:8 ALLOWED-IPS-NESTED");
    String named = at.replace("= 203.0.113.7", "= VPN.example");
    assertThat(check(NOTHING, file("wg0", device(1) + named))).isEmpty();
    assertThat(
            codes(
                check(NOTHING.name("vpn.example", "203.0.113.7"), file("wg0", device(1) + named))))
        .containsExactly("wg0:9 ENDPOINT-LOOP");
  }

  @Test
  void theSessionInUseIsNotCutOff() {
    Host ssh = NOTHING.with("eth0", "192.0.2.9/24").session("SSH", "198.51.100.7", "eth0");
    WgQuickFile all = file("wg0", device(1) + peer("A", ALICE, "0.0.0.0/0, ::/0"));
    Finding finding = only(check(ssh, all));
    assertThat(codes(List.of(finding))).containsExactly("wg0:8 SESSION-CUT-OFF");
    assertThat(finding.message()).contains("SSH from 198.51.100.7");
    assertThat(check(NOTHING.with("eth0", "192.0.2.9/24").session("SSH", "192.0.2.7", "eth0"), all))
        .isEmpty();
    assertThat(check(NOTHING.session("SSH", "198.51.100.7", "wg0"), all)).isEmpty();
    assertThat(check(NOTHING.session("the console", "127.0.0.1", "lo"), all)).isEmpty();
    WgQuickFile host = file("wg0", device(1) + peer("A", ALICE, "192.0.2.7/32"));
    assertThat(
            check(NOTHING.with("eth0", "192.0.2.9/24").session("SSH", "192.0.2.7", "eth0"), host))
        .extracting(Finding::code)
        .contains("SESSION-CUT-OFF");
  }

  @Test
  void aPortIsOneTunnelsOnly() {
    String port = device(1).replace("ListenPort = 51821", "ListenPort = 53");
    Finding finding = only(check(NOTHING.port(53, "named", ""), file("wg0", port)));
    assertThat(codes(List.of(finding))).containsExactly("wg0:4 PORT-IN-USE");
    assertThat(finding.message()).endsWith("in use by named");
    assertThat(check(NOTHING.port(53, "tunnel wg0", "wg0"), file("wg0", port))).isEmpty();
    String other = device(2).replace("ListenPort = 51822", "ListenPort = 53");
    assertThat(codes(check(NOTHING, file("wg0", port), file("wg1", other))))
        .containsExactly("wg1:4 PORT-IN-USE");
  }

  @Test
  void behindNatAKeepaliveIsNeeded() {
    String text = device(1) + peer("A", ALICE, "10.1.0.2/32") + "Endpoint = 198.51.100.7:51820\n";
    Host nat = NOTHING.with("eth0", "192.168.7.9/24").defaultBy("eth0");
    WgQuickFile file = file("wg0", text);
    Finding finding = only(check(nat, file));
    assertThat(codes(List.of(finding))).containsExactly("wg0:5 KEEPALIVE-MISSING");
    assertThat(text(file.edit(finding.fix()))).isEqualTo(text + "PersistentKeepalive = 25\n");
    assertThat(check(nat, file("wg0", text + "PersistentKeepalive = 21\n"))).isEmpty();
    assertThat(check(nat, file("wg0", text.replace("198.51.100.7", "192.168.7.10")))).isEmpty();
    assertThat(check(NOTHING.with("eth0", "192.0.2.9/24").defaultBy("eth0"), file)).isEmpty();
    assertThat(check(NOTHING.with("eth0", "192.168.7.9/24"), file)).isEmpty();
  }

  @Test
  void theMtuLeavesRoomForWireGuard() {
    String text = device(1) + "MTU = 1440\n";
    WgQuickFile file = file("wg0", text);
    Finding finding = only(check(NOTHING.mtu(1500), file));
    assertThat(codes(List.of(finding))).containsExactly("wg0:5 MTU-TOO-LARGE");
    assertThat(text(file.edit(finding.fix()))).isEqualTo(text.replace("1440", "1420"));
    String ipv4 = text + peer("A", ALICE, "10.1.0.2/32") + "Endpoint = 198.51.100.7:51820\n";
    assertThat(check(NOTHING.mtu(1500), file("wg0", ipv4))).isEmpty();
    assertThat(check(NOTHING.mtu(1499), file("wg0", ipv4))).hasSize(1);
    assertThat(check(NOTHING, file)).isEmpty();
  }

  @Test
  void hostBitsAreFixedWhereTheyStand() {
    String text = device(1) + peer("A", ALICE, "10.1.0.2/32 ,10.9.8.7/16, 10.1.0.4");
    WgQuickFile file = file("wg0", text);
    Finding finding = only(check(NOTHING, file));
    assertThat(codes(List.of(finding))).containsExactly("wg0:8 HOST-BITS");
    assertThat(text(file.edit(finding.fix())))
        .isEqualTo(text.replace("10.9.8.7/16", "10.9.0.0/16"));
  }

  @Test
  void tunnelsDoNotShareRoutesOrNetworks() {
    WgQuickFile first = file("wg0", device(1) + peer("A", ALICE, "172.16.0.0/12, 10.50.0.0/16"));
    WgQuickFile second = file("wg1", device(2) + peer("B", BOB, "10.50.0.0/16, 172.16.7.0/24"));
    assertThat(codes(check(NOTHING, first, second)))
        .containsExactly("wg0:8 ROUTE-NESTED", "wg1:8 ROUTE-SHARED");
    assertThat(codes(Checks.findings(List.of(second), List.of(first), NOTHING.facts())))
        .containsExactly("wg1:8 ROUTE-SHARED", "wg1:8 ROUTE-NESTED");
    WgQuickFile apart = file("wg1", device(2) + "Table = 77\n" + peer("B", BOB, "10.50.0.0/16"));
    assertThat(check(NOTHING, first, apart)).isEmpty();
    WgQuickFile inside = file("wg1", device(2).replace("10.2.0.1/24", "10.1.0.200/28"));
    assertThat(codes(check(NOTHING, first, inside))).containsExactly("wg1:3 NETWORK-SHARED");
    assertThat(codes(check(NOTHING.with("eth0", "10.50.7.1/15"), first)))
        .containsExactly("wg0:8 NETWORK-SHARED");
  }

  @Test
  void anEndpointsNameResolves() {
    String text = device(1) + peer("A", ALICE, "10.1.0.2/32") + "Endpoint = Nowhere.example:7\n";
    assertThat(Checks.namesIn(List.of(file("wg0", text)))).containsExactly("nowhere.example");
    assertThat(codes(check(NOTHING.name("nowhere.example"), file("wg0", text))))
        .containsExactly("wg0:9 ENDPOINT-UNRESOLVED");
    assertThat(check(NOTHING.name("nowhere.example", "192.0.2.1"), file("wg0", text))).isEmpty();
    assertThat(check(NOTHING, file("wg0", text))).isEmpty();
  }

  @Test
  void hooksRun() {
    String text = device(1) + "PostDown = b\nPostUp = a\n";
    Host off = new Host();
    off.hooksRun = false;
    Finding finding = only(check(off, file("wg0", text)));
    assertThat(codes(List.of(finding))).containsExactly("wg0:6 HOOKS-OFF");
    assertThat(finding.value()).isEqualTo("PostUp, PostDown");
    assertThat(check(NOTHING, file("wg0", text))).isEmpty();
  }

  @Test
  void interfacesThatPacketsLeaveByAreThere() {
    String text =
        device(1) + "# gatehouse.masquerade = eth0, eth9\n# gatehouse.forwarding = wg1, eth8\n";
    List<Finding> findings =
        check(NOTHING.with("eth0", "192.0.2.1/24"), file("wg0", text), file("wg1", device(2)));
    assertThat(codes(findings))
        .containsExactly("wg0:5 NO-SUCH-INTERFACE", "wg0:6 NO-SUCH-INTERFACE");
    assertThat(findings).map(Finding::value).containsExactly("eth9", "eth8");
    assertThat(check(NOTHING, file("wg0", text))).isEmpty();
  }

  @Test
  void portForwardsLeadToPeersAndLeaveTheTunnelItsPort() {
    String text =
        device(1)
            + "# gatehouse.port-forward = tcp 51821 -> 10.1.0.2, udp 51800-51830 -> 10.1.0.2\n"
            + peer("A", ALICE, "10.1.0.2/32");
    Finding own = only(check(NOTHING, file("wg0", text)));
    assertThat(codes(List.of(own))).containsExactly("wg0:5 PORT-FORWARD-OWN");
    assertThat(own.value()).isEqualTo("udp 51800-51830 -> 10.1.0.2");
    assertThat(codes(check(NOTHING, file("wg0", text.replace("10.1.0.2/32", "10.1.0.3/32")))))
        .contains("wg0:5 PORT-FORWARD-TARGET");
  }

  @Test
  void aFileWithErrorsHasThoseOnly() {
    String text = device(1) + peer("A", ALICE, "10.1.0.2/33") + peer("B", BOB, "10.1.0.2/32");
    assertThat(codes(check(NOTHING.port(51821, "named", ""), file("wg0", text))))
        .containsExactly("wg0:8 ALLOWED-IPS");
  }

  @Test
  void thousandsOfPeersGiveAHundredFindingsAndANote() {
    StringBuilder text = new StringBuilder(device(1));
    for (int i = 0; i < 5000; i++) {
      text.append(peer("p" + i, key(100 + i), "10.%d.%d.7/24".formatted(i >> 8, i & 254)));
    }
    List<Finding> findings = check(NOTHING, file("wg0", text.toString()));
    Map<String, Integer> counts = new HashMap<>();
    findings.forEach(finding -> counts.merge(finding.code(), 1, Integer::sum));
    assertThat(counts)
        .containsEntry("HOST-BITS", 100)
        .containsEntry("ALLOWED-IPS-SHARED", 100)
        .containsEntry("MORE", 1);
    assertThat(findings.getFirst().message()).contains(" more findings");
  }

  @Test
  void overlapsAreThoseThatComparingAllWithAllFinds() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      Map<Prefix, String> prefixes = new HashMap<>();
      for (int i = 0; i < 12; i++) {
        int length = random.nextInt(6) + (random.nextBoolean() ? 0 : 27);
        String address =
            random.nextInt(4) == 0
                ? "fd0%d::".formatted(random.nextInt(8))
                : "%d.0.0.%d".formatted(random.nextInt(8) << 5, random.nextInt(4));
        prefixes.put(
            new Prefix(IpLiteral.parse(address), length).masked(), "owner" + random.nextInt(3));
      }
      List<String> found = new ArrayList<>();
      Nesting.of(prefixes, (outer, inner) -> found.add(outer.getKey() + " " + inner.getKey()));
      List<String> expected = new ArrayList<>();
      prefixes.forEach(
          (inner, owner) ->
              prefixes.entrySet().stream()
                  .filter(
                      outer -> !outer.getValue().equals(owner) && outer.getKey().contains(inner))
                  .max(Comparator.comparingInt(outer -> outer.getKey().length()))
                  .ifPresent(outer -> expected.add(outer.getKey() + " " + inner)));
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
      PrefixTable<String> table = new PrefixTable<>();
      prefixes.forEach(table::put);
      InetAddress address =
          IpLiteral.parse("%d.0.0.%d".formatted(random.nextInt(256), random.nextInt(4)));
      assertThat(table.longest(address).map(match -> match.prefix().length()).orElse(-1))
          .isEqualTo(
              prefixes.keySet().stream()
                  .filter(prefix -> prefix.contains(new Prefix(address, 32)))
                  .mapToInt(Prefix::length)
                  .max()
                  .orElse(-1));
    }
  }

  // ---- files and hosts

  private static List<Finding> check(Host host, WgQuickFile... files) {
    return Checks.findings(Arrays.asList(files), List.of(), host.facts());
  }

  private static Finding only(List<Finding> findings) {
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().message()).doesNotContain("%");
    assertThat(findings.getFirst().remedy()).doesNotContain("%");
    return findings.getFirst();
  }

  private static List<String> codes(List<Finding> findings) {
    return findings.stream()
        .map(f -> f.file().replace(".conf", "") + ":" + f.line() + " " + f.code())
        .toList();
  }

  private static WgQuickFile file(String name, String text) {
    return WgQuickFile.parse(name + ".conf", text.getBytes(ISO_8859_1));
  }

  private static String text(WgQuickFile file) {
    return new String(file.bytes(), ISO_8859_1);
  }

  /** Four lines. */
  private static String device(int number) {
    return "[Interface]\nPrivateKey = %s\nAddress = 10.%d.0.1/24\nListenPort = %d\n"
        .formatted(secret(number), number, 51820 + number);
  }

  /** Four lines. */
  private static String peer(String name, String key, String allowedIps) {
    return "[Peer]\n# friendly_name = %s\nPublicKey = %s\nAllowedIPs = %s\n"
        .formatted(name, key, allowedIps);
  }

  private static String secret(int seed) {
    return key(1_000_000 + seed);
  }

  private static String key(int seed) {
    byte[] octets = new byte[32];
    ByteBuffer.wrap(octets).putInt(seed);
    return PublicKey.of(octets).toString();
  }

  /** What is known of a host, one fact after the other. */
  private static final class Host {
    final List<HostInterface> interfaces = new ArrayList<>();
    final List<UsedPort> ports = new ArrayList<>();
    final List<String> defaults = new ArrayList<>();
    final List<Session> sessions = new ArrayList<>();
    final Map<String, List<InetAddress>> names = new HashMap<>();
    final Map<String, PublicKey> own = new HashMap<>();
    OptionalInt mtu = OptionalInt.empty();
    boolean hooksRun = true;

    Host with(String name, String address) {
      Host host = copy();
      host.interfaces.add(new HostInterface(name, List.of(Prefix.parse(address))));
      return host;
    }

    Host port(int port, String holder, String tunnel) {
      Host host = copy();
      host.ports.add(new UsedPort(port, holder, tunnel));
      return host;
    }

    Host defaultBy(String name) {
      Host host = copy();
      host.defaults.add(name);
      return host;
    }

    Host session(String what, String remote, String name) {
      Host host = copy();
      host.sessions.add(new Session(what, IpLiteral.parse(remote), name));
      return host;
    }

    Host name(String name, String... addresses) {
      Host host = copy();
      host.names.put(name, Arrays.stream(addresses).map(IpLiteral::parse).toList());
      return host;
    }

    Host own(String name, String key) {
      Host host = copy();
      host.own.put(name, PublicKey.parse(key));
      return host;
    }

    Host mtu(int octets) {
      Host host = copy();
      host.mtu = OptionalInt.of(octets);
      return host;
    }

    HostFacts facts() {
      return new HostFacts(interfaces, ports, defaults, sessions, mtu, names, own, hooksRun);
    }

    private Host copy() {
      Host host = new Host();
      host.interfaces.addAll(interfaces);
      host.ports.addAll(ports);
      host.defaults.addAll(defaults);
      host.sessions.addAll(sessions);
      host.names.putAll(names);
      host.own.putAll(own);
      host.mtu = mtu;
      host.hooksRun = hooksRun;
      return host;
    }
  }
}
