// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SavedStateTest {
  private static final SecretKey PRIVATE =
      SecretKey.parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=");
  private static final SecretKey PSK =
      SecretKey.parse("Hp5tUPmOa9Z4fP7zXrTSdrFQxFHkXBgZzLJGkVCSKVQ=");
  private static final PublicKey ALICE = Dialects.ALICE;
  private static final PublicKey BOB = Dialects.BOB;
  private static final PublicKey CAROL = Dialects.CAROL;

  private static final String FILE =
      """
      # The head office
      [Interface]
      PrivateKey = %s
      Address = 10.0.0.1/24   # inside
      ListenPort=51820 # outside
      PostUp = echo up

      # Alice, of accounting
      [Peer]
      PublicKey = %s
      AllowedIPs = 10.0.0.2/32, 10.1.0.0/16 # her LAN
      AllowedIPs = fd00::2/128
      Endpoint = alice.example:51820

      [Peer]
      PublicKey = %s
      AllowedIPs = 10.0.0.3/32
      # not now: PersistentKeepalive = 25
      """
          .formatted(PRIVATE.revealBase64(), ALICE, BOB);

  @Test
  void whatHasNotChangedIsTheSameByteForByte() {
    for (String dialect : Dialects.names()) {
      WgQuickFile file = Dialects.file(dialect);
      assertThat(file.saved(file.config().orElseThrow().wg())).as(dialect).isSameAs(file);
    }
  }

  @Test
  void thePrivateKeyOfTheFileIsTheOneThatTheDeviceClamps() {
    WgQuickFile file = parse(FILE);
    byte[] octets = PRIVATE.revealOctets();
    octets[31] |= 0x40;
    WgConfig said = file.config().orElseThrow().wg();
    Optional<SecretKey> clamped = Optional.of(SecretKey.of(octets));
    assertThat(file.saved(new WgConfig(clamped, said.listenPort(), said.fwMark(), said.peers())))
        .isSameAs(file);
  }

  @Test
  void onlyTheLinesThatChangedAreTouched() {
    WgConfig running =
        new WgConfig(
            Optional.of(PRIVATE),
            OptionalInt.of(51821),
            OptionalInt.of(0xca6c),
            List.of(
                peer(ALICE, List.of("10.0.0.2/32", "fd00::2/128", "10.2.0.0/16"), 25)
                    .withEndpoint(new EndpointAddress("alice.example", 51820)),
                peer(CAROL, List.of("10.0.0.4/32"), 0).build(),
                peer(BOB, List.of(), 0).withPsk(PSK)));
    assertThat(text(parse(FILE).saved(running)))
        .isEqualTo(
            """
            # The head office
            [Interface]
            PrivateKey = %s
            Address = 10.0.0.1/24   # inside
            ListenPort=51821 # outside
            PostUp = echo up
            FwMark = 0xca6c

            # Alice, of accounting
            [Peer]
            PublicKey = %s
            AllowedIPs = 10.0.0.2/32 # her LAN
            AllowedIPs = fd00::2/128, 10.2.0.0/16
            Endpoint = alice.example:51820
            PersistentKeepalive = 25

            [Peer]
            PublicKey = %s
            PresharedKey = %s
            # not now: PersistentKeepalive = 25

            [Peer]
            PublicKey = %s
            AllowedIPs = 10.0.0.4/32
            """
                .formatted(PRIVATE.revealBase64(), ALICE, BOB, PSK.revealBase64(), CAROL));
  }

  @Test
  void aPeerThatIsGoneTakesItsCommentsAlong() {
    WgConfig all = parse(FILE).config().orElseThrow().wg();
    WgConfig running =
        new WgConfig(
            all.privateKey(), all.listenPort(), all.fwMark(), List.of(all.peers().getLast()));
    assertThat(text(parse(FILE).saved(running)))
        .isEqualTo(FILE.substring(0, FILE.indexOf("# Alice")) + FILE.substring(bobAt()));
  }

  private static int bobAt() {
    return FILE.indexOf("[Peer]", FILE.indexOf("alice.example"));
  }

  @Test
  void whatIsNoLongerSetIsTakenAway() {
    WgConfig nothing =
        new WgConfig(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), List.of());
    assertThat(text(parse(FILE).saved(nothing)))
        .isEqualTo(
            """
            # The head office
            [Interface]
            Address = 10.0.0.1/24   # inside
            PostUp = echo up
            """);
  }

  @Test
  void aFileWithoutInterfaceGetsOne() {
    WgConfig running =
        new WgConfig(
            Optional.of(PRIVATE),
            OptionalInt.empty(),
            OptionalInt.empty(),
            List.of(peer(BOB, List.of("10.0.0.3/32"), 0).build()));
    assertThat(text(parse("").saved(running)))
        .isEqualTo(
            """
            [Interface]
            PrivateKey = %s

            [Peer]
            PublicKey = %s
            AllowedIPs = 10.0.0.3/32
            """
                .formatted(PRIVATE.revealBase64(), BOB));
  }

  @Test
  void aMissingLastLineEndAndWindowsLineEndsStay() {
    String file = "[Interface]\r\nListenPort = 1\r\n[Peer]\r\nPublicKey = " + BOB;
    WgConfig running =
        new WgConfig(
            Optional.empty(),
            OptionalInt.of(2),
            OptionalInt.empty(),
            List.of(peer(BOB, List.of("10.0.0.3/32"), 0).build()));
    assertThat(text(parse(file).saved(running)))
        .isEqualTo(
            "[Interface]\r\nListenPort = 2\r\n[Peer]\r\nPublicKey = "
                + BOB
                + "\r\nAllowedIPs = 10.0.0.3/32");
  }

  @Test
  void aPrefixThatMovedIsNotTakenBackByALineFurtherDown() {
    String file =
        "[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.0.0/8\n".formatted(ALICE)
            + "[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.0.0/8\n".formatted(BOB)
            + "[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.0.0/8, 10.1.0.0/16\n".formatted(CAROL);
    WgConfig running =
        new WgConfig(
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            List.of(
                peer(ALICE, List.of("10.0.0.0/8"), 0).build(),
                peer(BOB, List.of(), 0).build(),
                peer(CAROL, List.of("10.1.0.0/16"), 0).build()));
    assertThat(text(parse(file).saved(running)))
        .isEqualTo(
            "[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.0.0/8\n".formatted(ALICE)
                + "[Peer]\nPublicKey = %s\n".formatted(BOB)
                + "[Peer]\nPublicKey = %s\nAllowedIPs = 10.1.0.0/16\n".formatted(CAROL));
  }

  @Test
  void whatCannotBeReadBackAndWhatHasErrorsIsRefused() {
    PeerConfig injecting =
        peer(BOB, List.of(), 0).withEndpoint(new EndpointAddress("a:1\nPostUp = x\n#", 1));
    assertThatThrownBy(() -> parse(FILE).saved(wg(injecting)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> parse("Oops").saved(wg())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anyStateCanBeSavedIntoAnyFileAndIsReadBack() {
    Random random = new Random(3);
    List<WgConfig> states = new ArrayList<>();
    for (String name : Dialects.names()) {
      states.add(Dialects.file(name).config().orElseThrow().wg());
    }
    int written = 0;
    for (int i = 0; i < 2000; i++) {
      String name = Dialects.names().get(random.nextInt(Dialects.names().size()));
      WgQuickFile file = WgQuickFile.parse("wg0.conf", shuffled(Dialects.bytes(name), random));
      WgConfig state = mutated(states.get(random.nextInt(states.size())), random);
      if (file.config().isEmpty()) {
        continue;
      }
      // Reading back is checked inside, and refused when it is not the same.
      WgQuickFile saved = file.saved(state);
      assertThat(saved.saved(state)).isSameAs(saved);
      written++;
    }
    assertThat(written).isGreaterThan(400);
  }

  /** A file whose lines have been dropped, doubled and moved. */
  private static byte[] shuffled(byte[] file, Random random) {
    List<String> lines =
        new ArrayList<>(Arrays.asList(new String(file, ISO_8859_1).split("(?<=\n)")));
    for (int i = random.nextInt(4); i > 0 && lines.size() > 1; i--) {
      int from = random.nextInt(lines.size());
      switch (random.nextInt(3)) {
        case 0 -> lines.remove(from);
        case 1 -> lines.add(random.nextInt(lines.size()), lines.get(from));
        default -> Collections.swap(lines, from, random.nextInt(lines.size()));
      }
    }
    return String.join("", lines).getBytes(ISO_8859_1);
  }

  /** Another state with some of the same values; every prefix has one owner, as on a device. */
  private static WgConfig mutated(WgConfig state, Random random) {
    List<PublicKey> keys = new ArrayList<>(List.of(ALICE, BOB, CAROL));
    Collections.shuffle(keys, random);
    List<Prefix> pool = new ArrayList<>();
    state.peers().forEach(peer -> pool.addAll(peer.allowedIps()));
    pool.add(Prefix.parse("10.77.0.0/16"));
    Collections.shuffle(pool, random);
    List<PeerConfig> peers = new ArrayList<>();
    for (PublicKey key : keys.subList(0, random.nextInt(4))) {
      List<String> allowedIps = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0 && !pool.isEmpty(); i--) {
        allowedIps.add(pool.removeLast().toString());
      }
      Given given = peer(key, allowedIps, random.nextInt(2) * 25);
      peers.add(
          switch (random.nextInt(3)) {
            case 0 -> given.withPsk(PSK);
            case 1 -> given.withEndpoint(new EndpointAddress("fe80::1%eth0", 7));
            default -> given.build();
          });
    }
    return new WgConfig(
        random.nextBoolean() ? state.privateKey() : Optional.of(PSK),
        random.nextBoolean() ? state.listenPort() : OptionalInt.of(random.nextInt(3)),
        random.nextBoolean() ? state.fwMark() : OptionalInt.of(random.nextInt(3) - 1),
        peers);
  }

  private static WgConfig wg(PeerConfig... peers) {
    return new WgConfig(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), List.of(peers));
  }

  private static WgQuickFile parse(String text) {
    return WgQuickFile.parse("wg0.conf", text.getBytes(ISO_8859_1));
  }

  private static String text(WgQuickFile file) {
    return new String(file.bytes(), ISO_8859_1);
  }

  private static Given peer(PublicKey key, List<String> allowedIps, int keepalive) {
    return new Given(key, allowedIps, keepalive);
  }

  private record Given(PublicKey key, List<String> allowedIps, int keepalive) {
    PeerConfig build() {
      return build(Optional.empty(), Optional.empty());
    }

    PeerConfig withPsk(SecretKey psk) {
      return build(Optional.of(psk), Optional.empty());
    }

    PeerConfig withEndpoint(EndpointAddress endpoint) {
      return build(Optional.empty(), Optional.of(endpoint));
    }

    private PeerConfig build(Optional<SecretKey> psk, Optional<EndpointAddress> endpoint) {
      return new PeerConfig(
          key,
          psk,
          allowedIps.stream().map(Prefix::parse).toList(),
          endpoint,
          OptionalInt.of(keepalive),
          Optional.empty(),
          0);
    }
  }
}
