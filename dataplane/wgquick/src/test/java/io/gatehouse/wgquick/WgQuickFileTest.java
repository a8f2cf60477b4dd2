// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.wgquick.Finding.Severity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WgQuickFileTest {
  private static final PublicKey NEW = key(77);

  @ParameterizedTest
  @MethodSource("dialects")
  void everyDialectIsTakenAndKeptByteForByte(String name) {
    WgQuickFile file = Dialects.file(name);
    assertThat(file.findings()).noneMatch(f -> f.severity() == Severity.ERROR);
    assertThat(file.config()).isPresent();
    assertThat(file.bytes()).isEqualTo(Dialects.bytes(name));
  }

  @Test
  void anyBytesComeBackAsTheyWere() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      // Enough structure to reach the deeper parts of the reader.
      for (int j = 0; j < bytes.length; j++) {
        if (random.nextInt(3) == 0) {
          bytes[j] = (byte) "\r\n#=[], \0\t".charAt(random.nextInt(10));
        }
      }
      assertThat(WgQuickFile.parse("wg0.conf", bytes).bytes()).isEqualTo(bytes);
    }
  }

  @Test
  void mutatedRealFilesComeBackAsTheyWereAndCanBeEdited() {
    Random random = new Random(2);
    for (int i = 0; i < 3000; i++) {
      List<String> names = Dialects.names();
      byte[] bytes = mutate(Dialects.bytes(names.get(random.nextInt(names.size()))), random);
      WgQuickFile file = WgQuickFile.parse("wg0.conf", bytes);
      assertThat(file.bytes()).isEqualTo(bytes);
      if (file.findings().stream().noneMatch(f -> f.code().equals("BYTE-ORDER-MARK"))) {
        byte[] edited = file.withPeer(peer("Dora")).bytes();
        assertThat(Arrays.mismatch(edited, bytes)).isEqualTo(bytes.length);
      }
      byte[] without = file.withoutPeer(Dialects.ALICE).bytes();
      // At most a blank line is new, where a comment would touch a section that is not its own.
      assertThat(isSubsequenceOfLines(withoutBlankLines(without), bytes)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void anAddedPeerIsReadBackAndNothingElseChanges(String name) {
    WgQuickFile before = Dialects.file(name);
    WgQuickFile after = before.withPeer(peer("Dora"));
    assertThat(text(after)).startsWith(text(before));
    List<PeerConfig> peers = after.config().orElseThrow().peers();
    assertThat(peers).hasSize(before.config().orElseThrow().peers().size() + 1);
    assertThat(peers.getLast().publicKey()).isEqualTo(NEW);
    assertThat(peers.getLast().name()).contains("Dora");
    assertThat(peers.subList(0, peers.size() - 1)).isEqualTo(before.config().orElseThrow().peers());
  }

  @Test
  void anAddedPeerIsWrittenInTheStyleOfTheFile() {
    assertThat(added("plain"))
        .isEqualTo(
            """

        [Peer]
        # friendly_name = Dora
        PublicKey = %s
        AllowedIPs = 10.9.0.1/32, fd09::1/128
        PersistentKeepalive = 25
        """
                .formatted(NEW));
    assertThat(added("tight"))
        .isEqualTo(
            """
        [Peer]
        # friendly_name = Dora
        PublicKey=%s
        AllowedIPs=10.9.0.1/32, fd09::1/128
        PersistentKeepalive=25
        """
                .formatted(NEW));
    assertThat(added("crlf")).startsWith("\r\n[Peer]\r\n").endsWith("25\r\n");
    assertThat(added("no-final")).startsWith("\n\n[Peer]\n").endsWith("PersistentKeepalive = 25");
    assertThat(added("indented"))
        .startsWith("\n\t[Peer]\n\t\t# friendly_name")
        .contains("\n\t\tPub");
    assertThat(added("mac-mixed")).startsWith("[Peer]");
  }

  @Test
  void aPeerThatCannotBeReadBackIsRefused() {
    WgQuickFile file = Dialects.file("plain");
    for (String name : List.of("a\nPostUp = x", "", " x", "x\u0000", "x\u2028y", "x".repeat(129))) {
      assertThatThrownBy(() -> file.withPeer(peer(name)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    PeerConfig injecting =
        new PeerConfig(
            NEW,
            Optional.empty(),
            List.of(),
            Optional.of(new EndpointAddress("a\nPostUp = x", 1)),
            OptionalInt.empty(),
            Optional.empty(),
            0);
    assertThatThrownBy(() -> file.withPeer(injecting)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void addingThenRemovingGivesTheFileBack() {
    for (String name : List.of("plain", "crlf", "tight", "indented", "pivpn", "wg-easy", "hooks")) {
      WgQuickFile file = Dialects.file(name);
      assertThat(text(file.withPeer(peer("Dora")).withoutPeer(NEW))).isEqualTo(text(file));
    }
  }

  @Test
  void aRemovedPeerTakesItsOwnCommentsAlong() {
    assertThat(removed("pivpn", Dialects.ALICE))
        .doesNotContain("alice")
        .contains("### begin bob ###\n[Peer]")
        .contains("#[disabled] ### end carol");
    assertThat(removed("pivpn", Dialects.BOB))
        .contains("### end alice ###\n#[disabled] ### begin carol ###\n")
        .contains("#[disabled] ### end carol ###")
        .doesNotContain("bob");
    assertThat(removed("wg-easy", Dialects.ALICE))
        .doesNotContain("Alice")
        .contains("# Client: Bob");
    String laptops = removed("server-comments", Dialects.ALICE);
    assertThat(laptops)
        .contains(
            "ListenPort = 51821\n\n# ------ laptops ------\n\n# ------ phones ------\n\n[Peer]")
        .doesNotContain("Alice")
        .doesNotContain("PersistentKeepalive");
    assertThat(removed("tight", Dialects.ALICE)).doesNotContain("Alice").contains("Bob");
  }

  @Test
  void everySectionOfAPeerGoesAndOthersStay() {
    WgQuickFile file = Dialects.file("merged").withoutPeer(Dialects.ALICE);
    assertThat(file.config().orElseThrow().peers())
        .extracting(PeerConfig::publicKey)
        .containsExactly(Dialects.BOB);
    assertThat(file.config().orElseThrow().privateKey()).isPresent();
    assertThat(Dialects.file("plain").withoutPeer(NEW).bytes()).isEqualTo(Dialects.bytes("plain"));
  }

  @ParameterizedTest
  @CsvSource({
    "crlf, Alice",
    "no-final, Alice",
    "tight, Alice",
    "indented, Alice",
    "shouting, Alice",
    "wg-easy, Alice",
    "pivpn, alice",
    "wireguard-ui, Alice",
    "wg-portal, Alice",
    "wgmeta, Alice",
    "json, Alice",
    "latin1, Jürgen",
    "utf8, Zoë 北京",
    "merged, Alice"
  })
  void namesAreReadInEveryDialect(String name, String friendly) {
    assertThat(Dialects.file(name).config().orElseThrow().peers().getFirst().name())
        .contains(friendly);
  }

  @Test
  void aSecondPeerHasItsOwnName() {
    for (String name : List.of("tight", "wg-easy", "pivpn", "wireguard-ui", "server-comments")) {
      List<PeerConfig> peers = Dialects.file(name).config().orElseThrow().peers();
      assertThat(peers.getLast().publicKey()).isEqualTo(Dialects.BOB);
      assertThat(peers.getLast().name().orElseThrow()).containsIgnoringCase("bob");
    }
    assertThat(Dialects.file("wg-easy").config().orElseThrow().peers().getLast().name())
        .contains("Bob the Builder");
  }

  @Test
  void everyKeyIsRead() {
    TunnelConfig config = Dialects.file("hooks").config().orElseThrow();
    assertThat(config.listenPort()).hasValue(51821);
    assertThat(config.fwMark()).hasValue(0xca6c);
    assertThat(config.table()).isEqualTo(new TunnelConfig.Table.Numbered(1234));
    assertThat(config.dns()).containsExactly("192.0.2.53", "2001:db8::53", "corp.example");
    assertThat(config.preUp()).containsExactly("echo %i # says hello");
    assertThat(config.postUp())
        .containsExactly(
            "iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE; echo a=b",
            "sysctl net.ipv4.ip_forward=1");
    assertThat(config.saveConfig()).isFalse();

    TunnelConfig shouting = Dialects.file("shouting").config().orElseThrow();
    assertThat(shouting.addresses())
        .map(Prefix::toString)
        .containsExactly("10.0.0.1/24", "fd00::1/64");
    assertThat(shouting.mtu()).hasValue(1380);
    assertThat(shouting.table()).isEqualTo(new TunnelConfig.Table.Off());
    PeerConfig peer = shouting.peers().getFirst();
    assertThat(peer.allowedIps())
        .map(Prefix::toString)
        .containsExactly("10.0.0.2/32", "fd00::2/128");
    assertThat(peer.persistentKeepalive()).hasValue(0);

    TunnelConfig spaced = Dialects.file("spaced-out").config().orElseThrow();
    assertThat(spaced.listenPort()).hasValue(51820);
    assertThat(spaced.peers().getFirst().allowedIps()).hasSize(2);

    assertThat(Dialects.file("endpoints").config().orElseThrow().peers())
        .map(p -> p.endpoint().orElseThrow().toString())
        .containsExactly("vpn.example.org:51820", "[2001:db8::1]:51820", "[fe80::1%eth0]:51820");
  }

  @Test
  void theSamePeerTwiceIsOnePeerWithTheSecondAllowedIps() {
    WgQuickFile file = Dialects.file("merged");
    List<PeerConfig> peers = file.config().orElseThrow().peers();
    assertThat(peers)
        .extracting(PeerConfig::publicKey)
        .containsExactly(Dialects.ALICE, Dialects.BOB);
    assertThat(peers.getFirst().allowedIps()).map(Prefix::toString).containsExactly("10.0.0.9/32");
    assertThat(peers.getFirst().persistentKeepalive()).hasValue(25);
    assertThat(peers.getLast().allowedIps()).map(Prefix::toString).containsExactly("10.0.0.2/32");
    assertThat(file.findings())
        .extracting(Finding::code)
        .containsExactly("INTERFACE-TWICE", "ALLOWED-IPS-TAKEN", "PEER-TWICE");
    assertThat(file.findings().get(1).message())
        .contains("Alice")
        .contains(Dialects.ALICE.toString())
        .contains(Dialects.BOB.toString());
  }

  @Test
  void fiveThousandPeersAndLongListsAreRead() {
    StringBuilder text = new StringBuilder("[Interface]\n");
    for (int i = 0; i < 5000; i++) {
      text.append(
          "\n# above\n[Peer]\n# friendly_name = p%d\nPublicKey = %s\nAllowedIPs = 10.%d.%d.%d/32\n"
              .formatted(i, key(i), i >> 16, i >> 8 & 255, i & 255));
    }
    text.append("AllowedIPs = 172.16.0.0/32");
    for (int i = 1; i < 2000; i++) {
      text.append(", 172.16.").append(i >> 8).append('.').append(i & 255);
    }
    WgQuickFile file = parse(text.toString());
    assertThat(file.config().orElseThrow().peers()).hasSize(5000);
    assertThat(file.config().orElseThrow().peers().getLast().allowedIps()).hasSize(2001);
  }

  @Test
  void findingsStayFewInAFileOfRubbish() {
    WgQuickFile file = parse("rubbish\n".repeat(400_000));
    assertThat(file.findings()).hasSizeLessThan(250);
    assertThat(file.findings().getLast().code()).isEqualTo("MORE");
    assertThat(file.config()).isEmpty();
  }

  @Test
  void interfaceNamesComeFromFileNames() {
    assertThat(InterfaceName.ofFile("/etc/wireguard/wg0.conf"))
        .map(InterfaceName::value)
        .contains("wg0");
    assertThat(InterfaceName.ofFile("a_=+.-9.conf")).isPresent();
    for (String bad :
        List.of(
            "wg0",
            "wg0.CONF",
            ".conf",
            "..conf",
            "...conf",
            "wg 0.conf",
            "sixteencharacter.conf",
            "ü.conf",
            "wg0.conf~")) {
      assertThat(InterfaceName.ofFile(bad)).as(bad).isEmpty();
    }
  }

  static List<String> dialects() {
    return Dialects.names();
  }

  private static String added(String name) {
    byte[] after = Dialects.file(name).withPeer(peer("Dora")).bytes();
    return new String(after, StandardCharsets.ISO_8859_1).substring(Dialects.bytes(name).length);
  }

  private static String removed(String name, PublicKey key) {
    return new String(Dialects.file(name).withoutPeer(key).bytes(), StandardCharsets.ISO_8859_1);
  }

  private static String text(WgQuickFile file) {
    return new String(file.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static WgQuickFile parse(String text) {
    return WgQuickFile.parse("wg0.conf", text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static PeerConfig peer(String name) {
    return new PeerConfig(
        NEW,
        Optional.empty(),
        List.of(Prefix.parse("10.9.0.1"), Prefix.parse("fd09::1")),
        Optional.empty(),
        OptionalInt.of(25),
        Optional.of(name),
        0);
  }

  private static PublicKey key(int seed) {
    byte[] octets = new byte[32];
    new Random(seed).nextBytes(octets);
    return PublicKey.of(octets);
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] mutated = bytes.clone();
    for (int i = random.nextInt(6); i > 0 && mutated.length > 0; i--) {
      mutated[random.nextInt(mutated.length)] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : (byte) "\r\n#=[], \0\t".charAt(random.nextInt(10));
    }
    return mutated;
  }

  /** Whether a text is another one with some of its lines left out. */
  private static byte[] withoutBlankLines(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    return text.replaceAll("(?dm)^\\r?\\n", "").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static boolean isSubsequenceOfLines(byte[] part, byte[] whole) {
    List<Line> wanted = Line.split(new String(part, StandardCharsets.ISO_8859_1));
    List<Line> lines = Line.split(new String(whole, StandardCharsets.ISO_8859_1));
    int found = 0;
    for (Line line : lines) {
      if (found < wanted.size() && wanted.get(found).whole().equals(line.whole())) {
        found++;
      }
    }
    return found == wanted.size();
  }
}
