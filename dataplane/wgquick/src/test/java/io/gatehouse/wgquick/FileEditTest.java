// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.wgquick.FileEdit.Place;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FileEditTest {
  private static final PublicKey ALICE = Dialects.ALICE;
  private static final PublicKey BOB = Dialects.BOB;
  private static final PublicKey CAROL = Dialects.CAROL;
  private static final Place AT_ALICE = FileEdit.peer(ALICE);
  private static final String SECRET = "6K2bvaCBiLb8XIyPq0qHnkRTRtqlNKFpT0DsBLVbdXg=";

  private static final String FILE =
      """
      # The head office
      [Interface]
      PrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=
      Address = 10.0.0.1/24   # inside
      ListenPort=51820 # outside
      DNS = 192.0.2.53,corp.example
      PostUp = echo '#1'  \s
      PostUp = true

      # Alice, of accounting
      [Peer]
      # friendly_name = Alice
      PublicKey = %s
      AllowedIPs = 10.0.0.2/32, 10.1.2.3/16 # her LAN
      Endpoint = alice.example:51820

      [Peer]
      # Bob's phone
      PublicKey = %s
      AllowedIPs = 10.0.0.3/32
      """
          .formatted(ALICE, BOB);

  @Test
  void anOwnLineBelowADisabledPeerGoesWithItAndDoesNotComeToThePeerAbove() {
    String alice = "[Interface]\n\n[Peer]\nPublicKey = %s\n".formatted(ALICE);
    String bob = "\n#[disabled] [Peer]\n#[disabled] PublicKey = %s\n".formatted(BOB);
    String limit = "# gatehouse.expires = 2020-01-01T00:00:00Z\n";
    for (String file : List.of(alice + bob + limit, alice + bob + "\n" + limit)) {
      WgQuickFile without = parse(file).withoutPeer(BOB);
      assertThat(text(without)).isEqualTo(alice);
      assertThat(without.config().orElseThrow().peers().getFirst().metadata().expires()).isEmpty();
    }
  }

  @Test
  void aCommentThatStoodByItselfDoesNotBecomeANameWhenThePeerAboveItGoes() {
    String alice = "[Interface]\n\n[Peer]\nPublicKey = %s\n".formatted(ALICE);
    String file = alice + "[Peer]\nPublicKey = %s\n\n# friendly_name = old\n\n".formatted(BOB);
    WgQuickFile without = parse(file).withoutPeer(BOB);
    assertThat(text(without)).isEqualTo(alice + "\n# friendly_name = old\n\n");
    assertThat(without.config().orElseThrow().peers().getFirst().name()).isEmpty();
  }

  @Test
  void aValueIsReplacedWhereItStandsAndItsCommentStays() {
    assertEdit(
        new FileEdit.Set(FileEdit.INTERFACE, Key.LISTEN_PORT, "51821"),
        "ListenPort=51820 # outside",
        "ListenPort=51821 # outside");
    assertEdit(
        new FileEdit.Set(AT_ALICE, Key.ENDPOINT, "[2001:db8::1]:7"),
        "Endpoint = alice.example:51820",
        "Endpoint = [2001:db8::1]:7");
    assertEdit(
        new FileEdit.Set(FileEdit.INTERFACE, Key.POST_UP, List.of("echo '#1'", "false # no")),
        "PostUp = true",
        "PostUp = false # no");
  }

  @Test
  void whatIsSoAlreadyChangesNothingHoweverItIsSpelt() {
    WgQuickFile file = parse(FILE);
    assertThat(file.edit(new FileEdit.Set(FileEdit.INTERFACE, Key.LISTEN_PORT, "051820")))
        .isSameAs(file);
    assertThat(file.edit(new FileEdit.Add(AT_ALICE, Key.ALLOWED_IPS, "10.1.0.0/16")))
        .isSameAs(file);
    assertThat(file.edit(new FileEdit.Set(AT_ALICE, Key.PRESHARED_KEY, List.of()))).isSameAs(file);
    assertThat(file.edit(new FileEdit.Enable(ALICE))).isSameAs(file);
    assertThat(file.edit(new FileEdit.Rename(BOB, Optional.of("Bob's phone")))).isSameAs(file);
  }

  @Test
  void aNewLineIsWrittenAsTheSectionIs() {
    assertEdit(
        new FileEdit.Set(AT_ALICE, Key.PERSISTENT_KEEPALIVE, "25"),
        "Endpoint = alice.example:51820\n",
        "Endpoint = alice.example:51820\nPersistentKeepalive = 25\n");
    String tabs = "[interface]\r\n\tlistenport\t=\t7\r\n[peer]\r\n\tpublickey\t=\t" + ALICE;
    assertThat(text(parse(tabs).edit(new FileEdit.Set(AT_ALICE, Key.ENDPOINT, "192.0.2.1:7"))))
        .isEqualTo(tabs + "\r\n\tendpoint\t=\t192.0.2.1:7");
    String large = "[INTERFACE]\nLISTENPORT=7\n";
    assertThat(text(parse(large).edit(new FileEdit.Set(FileEdit.INTERFACE, Key.MTU, "1400"))))
        .isEqualTo(large + "MTU=1400\n");
    assertThat(text(parse(large).edit(new FileEdit.Set(FileEdit.INTERFACE, Key.FW_MARK, "7"))))
        .isEqualTo(large + "FWMARK=7\n");
  }

  @Test
  void aListGrowsAsItIsWritten() {
    assertEdit(
        new FileEdit.Add(AT_ALICE, Key.ALLOWED_IPS, "fd00::2"),
        "10.1.2.3/16 # her LAN",
        "10.1.2.3/16, fd00::2 # her LAN");
    assertEdit(
        new FileEdit.Add(FileEdit.INTERFACE, Key.DNS, "192.0.2.54"),
        "192.0.2.53,corp.example",
        "192.0.2.53,corp.example,192.0.2.54");
    assertEdit(
        new FileEdit.Add(FileEdit.INTERFACE, Key.POST_UP, "a; b"),
        "PostUp = true\n",
        "PostUp = true\nPostUp = a; b\n");
    String perLine =
        "[Interface]\n[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.0.1\n AllowedIPs=10.0.0.2\n"
            .formatted(ALICE);
    assertThat(
            text(parse(perLine).edit(new FileEdit.Add(AT_ALICE, Key.ALLOWED_IPS, "10.0.0.3/32"))))
        .isEqualTo(perLine + " AllowedIPs=10.0.0.3/32\n");
  }

  @Test
  void aListShrinksAndItsLineGoesWithTheLastValue() {
    assertEdit(
        new FileEdit.Remove(AT_ALICE, Key.ALLOWED_IPS, "10.0.0.2/32"),
        "AllowedIPs = 10.0.0.2/32, 10.1.2.3/16 # her LAN",
        "AllowedIPs = 10.1.2.3/16 # her LAN");
    assertEdit(
        new FileEdit.Remove(FileEdit.peer(BOB), Key.ALLOWED_IPS, "10.0.0.3"),
        "AllowedIPs = 10.0.0.3/32\n",
        "");
    assertEdit(
        new FileEdit.Replace(AT_ALICE, Key.ALLOWED_IPS, "10.1.2.3/16", "10.1.0.0/16"),
        "10.1.2.3/16",
        "10.1.0.0/16");
    assertEdit(
        new FileEdit.Set(AT_ALICE, Key.ENDPOINT, List.of()),
        "Endpoint = alice.example:51820\n",
        "");
  }

  @Test
  void ofTwoSectionsOfAPeerTheOneThatCountsIsEdited() {
    String twice =
        "[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.0.1/32\n[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.0.2/32\n"
            .formatted(ALICE, ALICE);
    WgQuickFile file = parse(twice).edit(new FileEdit.Add(AT_ALICE, Key.ALLOWED_IPS, "10.0.0.1"));
    assertThat(text(file)).isEqualTo(twice.replace("10.0.0.2/32", "10.0.0.2/32, 10.0.0.1"));
    assertThat(file.config().orElseThrow().peers().getFirst().allowedIps()).hasSize(2);
  }

  @Test
  void anInterfaceIsMadeWhereThereIsNone() {
    assertThat(text(parse("# x\n").edit(new FileEdit.Set(FileEdit.INTERFACE, Key.MTU, "1400"))))
        .isEqualTo("[Interface]\nMTU = 1400\n\n# x\n");
  }

  @Test
  void aPeerIsRenamedWhereItsNameStands() {
    assertEdit(
        new FileEdit.Rename(ALICE, Optional.of("Zoë")),
        "# friendly_name = Alice",
        "# friendly_name = " + new String("Zoë".getBytes(UTF_8), ISO_8859_1));
    assertEdit(
        new FileEdit.Rename(BOB, Optional.of("Robert")),
        "[Peer]\n# Bob's phone",
        "[Peer]\n# friendly_name = Robert\n# Bob's phone");
    WgQuickFile ui = Dialects.file("wireguard-ui").edit(new FileEdit.Rename(BOB, Optional.of("R")));
    assertThat(text(ui)).contains("# Name:         R\n").doesNotContain("friendly_name");
    assertThatExceptionOfType(RefusedEdit.class)
        .isThrownBy(() -> parse(FILE).edit(new FileEdit.Rename(BOB, Optional.empty())))
        .satisfies(e -> assertThat(e.finding().code()).isEqualTo("NAME-STAYS"));
  }

  @Test
  void aPeerIsGivenAnotherKey() {
    assertEdit(new FileEdit.ReplaceKey(ALICE, CAROL), ALICE.toString(), CAROL.toString());
    assertThatThrownBy(() -> parse(FILE).edit(new FileEdit.ReplaceKey(ALICE, BOB)))
        .isInstanceOf(RefusedEdit.class)
        .hasMessageContaining("PEER-EXISTS");
  }

  @Test
  void aDisabledPeerIsAllCommentAndComesBack() {
    WgQuickFile off = parse(FILE).edit(new FileEdit.Disable(ALICE));
    assertThat(text(off))
        .contains(
            """

            #[disabled] # Alice, of accounting
            #[disabled] [Peer]
            #[disabled] # friendly_name = Alice
            #[disabled] PublicKey = %s
            #[disabled] AllowedIPs = 10.0.0.2/32, 10.1.2.3/16 # her LAN
            #[disabled] Endpoint = alice.example:51820

            [Peer]
            """
                .formatted(ALICE));
    TunnelConfig config = off.config().orElseThrow();
    assertThat(config.peers()).extracting(PeerConfig::publicKey).containsExactly(BOB);
    PeerConfig alice = config.disabledPeers().getFirst();
    assertThat(alice.metadata().disabled()).isTrue();
    assertThat(alice.name()).contains("Alice");
    assertThat(alice.endpoint()).contains(new EndpointAddress("alice.example", 51820));
    assertThat(text(off.edit(new FileEdit.Enable(ALICE)))).isEqualTo(FILE);
  }

  @Test
  void aDisabledPeerIsEditedBehindItsMark() {
    WgQuickFile off =
        parse(FILE)
            .edit(
                new FileEdit.Disable(ALICE),
                new FileEdit.Set(AT_ALICE, Key.PERSISTENT_KEEPALIVE, "25"),
                new FileEdit.SetOwn(AT_ALICE, OwnKey.NOTE, "on leave"));
    assertThat(text(off))
        .contains("#[disabled] PersistentKeepalive = 25\n")
        .contains("#[disabled] # gatehouse.note = on leave\n");
    assertThat(off.config().orElseThrow().disabledPeers().getFirst().metadata().note())
        .contains("on leave");
  }

  @Test
  void blocksThatOthersDisabledAreEnabledTheirWay() {
    WgQuickFile pivpn = Dialects.file("pivpn").edit(new FileEdit.Enable(CAROL));
    assertThat(text(pivpn))
        .endsWith(
            "### begin carol ###\n[Peer]\nPublicKey = "
                + CAROL
                + "\nAllowedIPs = 10.0.0.4/32\n### end carol ###\n");
    WgQuickFile meta = Dialects.file("wgmeta").edit(new FileEdit.Enable(CAROL));
    assertThat(text(meta)).endsWith("\n[Peer]\n#+Name = Carol\nPublicKey = " + CAROL + "\n");
  }

  @Test
  void settingsOfTheSectionAboveAreNeverTakenIntoADisabledOne() {
    String inTheMiddle =
        "[Peer]\nPublicKey = %s\n#[disabled] [Peer]\n#[disabled] PublicKey = %s\nAllowedIPs = 10.0.0.1/32\n"
            .formatted(ALICE, BOB);
    TunnelConfig config = parse(inTheMiddle).config().orElseThrow();
    assertThat(config.disabledPeers()).isEmpty();
    assertThat(config.peers().getFirst().allowedIps()).hasSize(1);
    String above =
        "[Peer]\nPublicKey = %s\n#[disabled] AllowedIPs = 10.0.0.1/32\n#[disabled] [Peer]\n#[disabled] PublicKey = %s\n"
            .formatted(ALICE, BOB);
    WgQuickFile off = parse(above).edit(new FileEdit.Disable(ALICE));
    assertThat(text(off)).contains("#[disabled] #[disabled] AllowedIPs");
    assertThat(text(off.edit(new FileEdit.Enable(ALICE)))).isEqualTo(above);
  }

  @Test
  void ourOwnKeysStandBelowTheHeader() {
    WgQuickFile file =
        parse(FILE)
            .edit(
                new FileEdit.SetOwn(AT_ALICE, OwnKey.EXPIRES, "2030-12-31T23:59:59Z"),
                new FileEdit.SetOwn(AT_ALICE, OwnKey.QUOTA, "50 GiB/month"),
                new FileEdit.SetOwn(FileEdit.peer(BOB), OwnKey.TAGS, "phones, Zürich"),
                new FileEdit.SetOwn(FileEdit.INTERFACE, OwnKey.NOTE, "rack 7"));
    assertThat(text(file))
        .contains("[Interface]\n# gatehouse.note = rack 7\nPrivateKey")
        .contains(
            "# friendly_name = Alice\n# gatehouse.expires = 2030-12-31T23:59:59Z\n"
                + "# gatehouse.quota = 50 GiB/month\nPublicKey")
        .contains("[Peer]\n# Bob's phone\n# gatehouse.tags = phones, Z");
    TunnelConfig config = file.config().orElseThrow();
    assertThat(config.own().get(OwnKey.NOTE)).contains("rack 7");
    PeerMetadata alice = config.peers().getFirst().metadata();
    assertThat(alice.expires()).contains(Instant.parse("2030-12-31T23:59:59Z"));
    assertThat(alice.isExpired(Instant.parse("2030-12-31T23:59:58Z"))).isFalse();
    assertThat(alice.isExpired(Instant.parse("2030-12-31T23:59:59Z"))).isTrue();
    assertThat(alice.quota()).contains(new Quota(50L << 30, Quota.Period.MONTH));
    PeerMetadata bob = config.peers().getLast().metadata();
    assertThat(bob.tags()).containsExactly("phones", "Zürich");
    assertThat(bob.name()).contains("Bob's phone");
    assertThat(
            text(
                file.edit(
                    new FileEdit.SetOwn(AT_ALICE, OwnKey.EXPIRES, List.of()),
                    new FileEdit.SetOwn(AT_ALICE, OwnKey.QUOTA, List.of()),
                    new FileEdit.SetOwn(FileEdit.peer(BOB), OwnKey.TAGS, List.of()),
                    new FileEdit.SetOwn(FileEdit.INTERFACE, OwnKey.NOTE, List.of()))))
        .isEqualTo(FILE);
  }

  @Test
  void nothingIsSmuggledIn() {
    WgQuickFile file = parse(FILE);
    for (String evil :
        List.of("x\nPostUp = evil", "x\rPostUp = evil", "x\u0000", "x\u001b[31m", "x\u2028y")) {
      for (FileEdit edit :
          List.of(
              new FileEdit.Rename(ALICE, Optional.of(evil)),
              new FileEdit.SetOwn(AT_ALICE, OwnKey.NOTE, evil),
              new FileEdit.SetOwn(AT_ALICE, OwnKey.TAGS, evil),
              new FileEdit.Set(AT_ALICE, Key.ENDPOINT, evil + ":1"),
              new FileEdit.Set(FileEdit.INTERFACE, Key.POST_UP, evil),
              new FileEdit.Add(FileEdit.INTERFACE, Key.DNS, evil),
              new FileEdit.Set(AT_ALICE, Key.PRESHARED_KEY, SECRET + evil))) {
        assertThatExceptionOfType(RefusedEdit.class)
            .as(edit.getClass().toString())
            .isThrownBy(() -> file.edit(edit))
            .satisfies(
                e -> {
                  assertThat(e.finding().code()).isEqualTo("CONTROL-CHARACTER");
                  assertThat(e.getMessage().chars()).allMatch(c -> c >= ' ');
                  assertThat(e.getMessage()).doesNotContain("bvaCBiLb8XI");
                });
      }
    }
    for (FileEdit edit :
        List.of(
            new FileEdit.Set(FileEdit.INTERFACE, Key.LISTEN_PORT, "7 # x"),
            new FileEdit.Set(AT_ALICE, Key.ENDPOINT, "vpn.example:7#x"),
            new FileEdit.Set(AT_ALICE, Key.ALLOWED_IPS, "10.0.0.0/8, 10.0.0.0/7"),
            new FileEdit.Add(FileEdit.INTERFACE, Key.DNS, "a#b"),
            new FileEdit.Set(FileEdit.INTERFACE, Key.ADDRESS, "10.0.0.1/24, 10.0.1.1/24"),
            new FileEdit.Set(FileEdit.INTERFACE, Key.PRIVATE_KEY, "short"),
            new FileEdit.SetOwn(AT_ALICE, OwnKey.EXPIRES, "tomorrow"),
            new FileEdit.Rename(ALICE, Optional.of(" x")))) {
      assertThatThrownBy(() -> file.edit(edit)).as("%s", edit).isInstanceOf(RefusedEdit.class);
    }
  }

  @Test
  void secretsAreMasked() {
    assertThat(new FileEdit.Set(FileEdit.INTERFACE, Key.PRIVATE_KEY, SECRET).toString())
        .doesNotContain("bvaCBiLb8XI")
        .contains("(hidden)");
  }

  @Test
  void aFileWithErrorsElsewhereIsEditedAllTheSame() {
    String broken = FILE.replace("DNS =", "DSN =");
    WgQuickFile file = parse(broken);
    assertThat(file.config()).isEmpty();
    assertThat(text(file.edit(new FileEdit.Set(AT_ALICE, Key.ENDPOINT, "vpn.example:7"))))
        .isEqualTo(broken.replace("alice.example:51820", "vpn.example:7"));
    WgQuickFile mark = parse("\u00ef\u00bb\u00bf" + FILE);
    assertThatThrownBy(() -> mark.edit(new FileEdit.Disable(ALICE)))
        .isInstanceOf(RefusedEdit.class)
        .hasMessageContaining("NOT-EDITABLE");
  }

  @Test
  void ofSeveralEditsAllAreMadeOrNone() {
    WgQuickFile file = parse(FILE);
    assertThatThrownBy(
            () ->
                file.edit(
                    new FileEdit.RemovePeer(BOB), new FileEdit.Set(AT_ALICE, Key.ENDPOINT, "x")))
        .isInstanceOf(RefusedEdit.class);
    assertThat(text(file)).isEqualTo(FILE);
  }

  @Test
  void anAddedPeerBringsItsMetadata() {
    PeerConfig peer =
        new PeerConfig(
            CAROL,
            Optional.of(SecretKey.parse(SECRET)),
            List.of(Prefix.parse("10.0.0.4")),
            Optional.empty(),
            OptionalInt.empty(),
            new PeerMetadata(
                Optional.of("Carol"), true, OwnValues.NONE.with(OwnKey.TAGS, List.of("a", "b"))),
            0);
    WgQuickFile file = parse(FILE).withPeer(peer);
    assertThat(text(file).substring(FILE.length()))
        .isEqualTo(
            """

            #[disabled] [Peer]
            #[disabled] # friendly_name = Carol
            #[disabled] # gatehouse.tags = a, b
            #[disabled] PublicKey = %s
            #[disabled] PresharedKey = %s
            #[disabled] AllowedIPs = 10.0.0.4/32
            """
                .formatted(CAROL, SECRET));
    assertThatThrownBy(() -> file.withPeer(peer)).isInstanceOf(RefusedEdit.class);
    assertThat(text(file.edit(new FileEdit.RemovePeer(CAROL)))).isEqualTo(FILE);
  }

  @Test
  void aPlaceOfAFindingIsFound() {
    WgQuickFile file = parse(FILE);
    assertThat(file.lineOf(FileEdit.INTERFACE, Key.LISTEN_PORT)).isEqualTo(5);
    assertThat(file.lineOf(AT_ALICE, Key.ALLOWED_IPS, "10.1.0.0/16")).isEqualTo(14);
    assertThat(file.lineOf(AT_ALICE, Key.PERSISTENT_KEEPALIVE)).isEqualTo(11);
    assertThat(file.lineOf(FileEdit.peer(CAROL), Key.ENDPOINT)).isZero();
  }

  /** One edit replaces one text by another, and nothing else. */
  private static void assertEdit(FileEdit edit, String old, String now) {
    assertThat(Arrays.asList(FILE.split(Pattern.quote(old), -1))).hasSize(2);
    assertThat(text(parse(FILE).edit(edit))).isEqualTo(FILE.replace(old, now));
  }

  private static WgQuickFile parse(String text) {
    return WgQuickFile.parse("wg0.conf", text.getBytes(ISO_8859_1));
  }

  private static String text(WgQuickFile file) {
    return new String(file.bytes(), ISO_8859_1);
  }
}
