// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.FileEdit.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random edits of random files, right and wrong ones. */
class RandomEditsTest {
  private static final PublicKey NEW =
      PublicKey.parse("Hp5tUPmOa9Z4fP7zXrTSdrFQxFHkXBgZzLJGkVCSKVQ=");
  private static final PublicKey OTHER =
      PublicKey.parse("Iz7fpYyEhHcS6RFXJTOQfcRnccKvAizqB2a0ItRPMeU=");
  private static final String SECRET = "6K2bvaCBiLb8XIyPq0qHnkRTRtqlNKFpT0DsBLVbdXg=";

  @Test
  void onlyLinesAboutTheEditAreTouchedAndItIsReadBack() {
    Random random = new Random(41);
    RandomFiles files = new RandomFiles(42);
    int made = 0;
    int refused = 0;
    int broken = 0;
    for (int i = 0; i < 4000; i++) {
      WgQuickFile before = WgQuickFile.parse("wg0.conf", files.next());
      FileEdit edit = edit(random, before);
      WgQuickFile after;
      try {
        after = before.edit(edit);
      } catch (RefusedEdit e) {
        assertThat(e.finding().message()).isNotBlank();
        refused++;
        continue;
      }
      made++;
      broken += before.config().isEmpty() ? 1 : 0;
      String shown = edit + "\n" + text(before) + "\n=>\n" + text(after);
      assertThat(WgQuickFile.parse("wg0.conf", after.bytes()).bytes()).isEqualTo(after.bytes());
      assertThat(strangers(before, after, edit)).as(shown).isEmpty();
      if (before.config().isPresent()) {
        assertThat(after.config()).as(shown).isPresent();
        assertThat(rest(after.config().get(), edit))
            .as(shown)
            .isEqualTo(rest(before.config().get(), edit));
      }
      // Made once, it is so.
      if (!(edit instanceof FileEdit.AddPeer
          || edit instanceof FileEdit.RemovePeer
          || edit instanceof FileEdit.ReplaceKey
          || edit instanceof FileEdit.Replace)) {
        assertThat(after.edit(edit)).as(shown).isSameAs(after);
      }
    }
    // No side may go untested.
    assertThat(made).isGreaterThan(2000);
    assertThat(refused).isGreaterThan(300);
    assertThat(broken).isGreaterThan(300);
  }

  @Test
  void aDisabledPeerComesBackByteForByte() {
    RandomFiles files = new RandomFiles(43);
    int done = 0;
    int refused = 0;
    for (int i = 0; i < 2500; i++) {
      WgQuickFile file = WgQuickFile.parse("wg0.conf", files.next());
      for (PublicKey key : keys(file)) {
        if (file.enabled(key).isEmpty() || !file.disabled(key).isEmpty()) {
          continue;
        }
        WgQuickFile off;
        try {
          off = file.edit(new FileEdit.Disable(key));
        } catch (RefusedEdit e) {
          refused++;
          continue;
        }
        done++;
        WgQuickFile on;
        try {
          on = off.edit(new FileEdit.Enable(key));
        } catch (RefusedEdit e) {
          // A section with an error of its own is not brought back into a file.
          assertThat(file.config()).isEmpty();
          continue;
        }
        assertThat(text(on)).isEqualTo(text(file));
        if (file.config().isPresent()) {
          TunnelConfig config = off.config().orElseThrow();
          assertThat(config.peers()).noneMatch(peer -> peer.publicKey().equals(key));
          assertThat(config.disabledPeers()).anyMatch(peer -> peer.publicKey().equals(key));
          assertThat(WgFile.parse("-", off.strip()).config().orElseThrow().peers())
              .noneMatch(peer -> peer.publicKey().equals(key));
        }
      }
    }
    assertThat(done).isGreaterThan(1000);
    assertThat(refused).isLessThan(10);
  }

  @Test
  void allPeersDisabledInAnyOrderComeBackInAnyOther() {
    Random random = new Random(44);
    RandomFiles files = new RandomFiles(45);
    int done = 0;
    for (int i = 0; i < 3000; i++) {
      WgQuickFile file = WgQuickFile.parse("wg0.conf", files.next());
      List<PublicKey> keys = keys(file);
      keys.removeIf(key -> file.enabled(key).isEmpty() || !file.disabled(key).isEmpty());
      if (file.config().isEmpty() || keys.size() < 2) {
        continue;
      }
      WgQuickFile edited = file;
      try {
        Collections.shuffle(keys, random);
        for (PublicKey key : keys) {
          edited = edited.edit(new FileEdit.Disable(key));
        }
      } catch (RefusedEdit e) {
        continue;
      }
      assertThat(edited.config().orElseThrow().peers()).isEmpty();
      Collections.shuffle(keys, random);
      for (PublicKey key : keys) {
        edited = edited.edit(new FileEdit.Enable(key));
      }
      assertThat(edited.bytes()).isEqualTo(file.bytes());
      done++;
    }
    assertThat(done).isGreaterThan(300);
  }

  @Test
  void aValueSetAndSetBackGivesTheFileBack() {
    Random random = new Random(46);
    RandomFiles files = new RandomFiles(47);
    int done = 0;
    for (int i = 0; i < 2500; i++) {
      WgQuickFile file = WgQuickFile.parse("wg0.conf", files.next());
      if (!file.isEditable()) {
        continue;
      }
      for (PublicKey key : keys(file)) {
        Place place = FileEdit.peer(key);
        List<Settings.Item> items =
            new Settings(file.lines()).items(file.sections(key), Key.ENDPOINT);
        for (Settings.Item item : items.size() == 1 ? items : List.<Settings.Item>of()) {
          try {
            WgQuickFile there =
                file.edit(
                    new FileEdit.Set(place, Key.ENDPOINT, "192.0.2.77:" + (1 + random.nextInt(9))));
            WgQuickFile back = there.edit(new FileEdit.Set(place, Key.ENDPOINT, item.text()));
            if (file.edit(new FileEdit.Set(place, Key.ENDPOINT, item.text())) == file) {
              assertThat(text(back)).isEqualTo(text(file));
              done++;
            }
          } catch (RefusedEdit e) {
            // What was bad stays bad; and what wg passes over in a value is not written anew.
            assertThat(
                    file.config().isEmpty()
                        || file.enabled(key).isEmpty()
                        || item.text().chars().anyMatch(Character::isISOControl))
                .isTrue();
          }
        }
        if (!file.enabled(key).isEmpty() && !file.disabled(key).isEmpty()) {
          continue;
        }
        WgQuickFile renamed = file.edit(new FileEdit.ReplaceKey(key, OTHER));
        assertThat(renamed.edit(new FileEdit.ReplaceKey(OTHER, key)).config())
            .isEqualTo(file.config());
      }
    }
    assertThat(done).isGreaterThan(250);
  }

  @Test
  void whatStandsBesideARemovedPeerComesToNoOther() {
    Random random = new Random(48);
    RandomFiles files = new RandomFiles(49);
    int done = 0;
    for (int i = 0; i < 6000; i++) {
      WgQuickFile file = WgQuickFile.parse("wg0.conf", scattered(random, files.next()));
      for (PublicKey key : file.config().isEmpty() ? List.<PublicKey>of() : keys(file)) {
        WgQuickFile without = file.withoutPeer(key);
        String shown = "without " + key + "\n" + text(file) + "\n=>\n" + text(without);
        assertThat(without.config()).as(shown).isPresent();
        // A begin or end torn from its section may find another way to the peer that it names.
        boolean names = !text(file).contains("###");
        assertThat(belongings(without, key, names))
            .as(shown)
            .isEqualTo(belongings(file, key, names));
        done++;
      }
    }
    assertThat(done).isGreaterThan(1500);
  }

  /** What comments say of the interface and of all peers but one. */
  private static List<Object> belongings(WgQuickFile file, PublicKey without, boolean names) {
    TunnelConfig config = file.config().orElseThrow();
    List<Object> belongings = new ArrayList<>(List.of(config.own()));
    for (List<PeerConfig> peers : List.of(config.peers(), config.disabledPeers())) {
      for (PeerConfig peer : peers) {
        if (!peer.publicKey().equals(without)) {
          belongings.add(peer.publicKey());
          belongings.add(names ? peer.metadata() : peer.metadata().own());
        }
      }
    }
    return belongings;
  }

  /** With comments and blank lines at any place. */
  private static byte[] scattered(Random random, byte[] file) {
    List<String> lines =
        new ArrayList<>(Arrays.asList(new String(file, ISO_8859_1).split("(?<=\n)")));
    for (int i = random.nextInt(5); i >= 0; i--) {
      lines.add(
          random.nextInt(lines.size() + 1),
          one(
              random,
              "\n",
              "# Alice\n",
              "# friendly_name = Bob\n",
              "# Name: Carol\n",
              "#-MTU = 1400\n",
              "### end dora ###\n",
              "# gatehouse.note = found\n",
              "# gatehouse.expires = 2020-01-01T00:00:00Z\n"));
    }
    return String.join("", lines).getBytes(ISO_8859_1);
  }

  // ---- the edits

  private static FileEdit edit(Random random, WgQuickFile file) {
    List<PublicKey> keys = keys(file);
    PublicKey peer =
        keys.isEmpty() || random.nextInt(20) == 0 ? OTHER : keys.get(random.nextInt(keys.size()));
    Place at = FileEdit.peer(peer);
    return switch (random.nextInt(24)) {
      case 0 ->
          set(random, FileEdit.INTERFACE, Key.LISTEN_PORT, "51821", "0", "domain", "65536", "1\n2");
      case 1 -> set(random, FileEdit.INTERFACE, Key.PRIVATE_KEY, SECRET, SECRET, "x");
      case 2 -> set(random, FileEdit.INTERFACE, Key.MTU, "1400", "1280", "60", "1400 # x");
      case 3 -> set(random, FileEdit.INTERFACE, Key.TABLE, "off", "auto", "77", "nowhere");
      case 4 ->
          new FileEdit.Set(
              FileEdit.INTERFACE,
              Key.ADDRESS,
              List.of("10.7.0.1/24", "fd07::1/64").subList(0, random.nextInt(3)));
      case 5 ->
          new FileEdit.Add(
              FileEdit.INTERFACE, Key.DNS, one(random, "192.0.2.7", "corp.example", "a b"));
      case 6 -> new FileEdit.Remove(FileEdit.INTERFACE, Key.DNS, "corp.example");
      case 7 ->
          new FileEdit.Set(
              FileEdit.INTERFACE,
              Key.POST_UP,
              List.of("echo '#1' = %i", "true").subList(0, random.nextInt(3)));
      case 8 -> set(random, at, Key.PRESHARED_KEY, SECRET, SECRET + "x");
      case 9 ->
          set(random, at, Key.ENDPOINT, "vpn.example:7", "[2001:db8::7]:7", "x", "a:1\nPostUp = x");
      case 10 -> set(random, at, Key.PERSISTENT_KEEPALIVE, "25", "off", "0", "never");
      case 11, 12 ->
          new FileEdit.Add(
              at,
              Key.ALLOWED_IPS,
              one(
                  random,
                  "10.77.0.0/16",
                  "fd77::/64",
                  "10.0.0.1/32",
                  "10.0.0.0/33",
                  "10.8.0.0/16, 10.9.0.0/16"));
      case 13 ->
          new FileEdit.Remove(
              at, Key.ALLOWED_IPS, one(random, "10.0.0.1/32", "10.0.0.0/8", "::/0", "fd00::/64"));
      case 14 ->
          new FileEdit.Set(
              at,
              Key.ALLOWED_IPS,
              List.of("10.71.0.0/16", "10.0.0.0/8", "fd71::/64").subList(0, random.nextInt(4)));
      case 15 ->
          new FileEdit.Rename(
              peer,
              one(
                  random,
                  Optional.of("Zoë #1 = x"),
                  Optional.of("Dora"),
                  Optional.of("a\nPostUp = x"),
                  Optional.<String>empty()));
      case 16 -> new FileEdit.Disable(peer);
      case 17 -> new FileEdit.Enable(peer);
      case 18 ->
          new FileEdit.SetOwn(
              at,
              OwnKey.EXPIRES,
              one(random, List.of("2030-01-01T00:00:00Z"), List.of(), List.of("tomorrow")));
      case 19 ->
          new FileEdit.SetOwn(
              at,
              OwnKey.QUOTA,
              one(
                  random,
                  List.of("50 GiB/month"),
                  List.of("1 B/total"),
                  List.<String>of(),
                  List.of("50 GiB")));
      case 20 ->
          new FileEdit.SetOwn(
              at,
              OwnKey.TAGS,
              one(random, List.of("a, b"), List.of("a", "c"), List.<String>of(), List.of("a,,b")));
      case 21 ->
          new FileEdit.SetOwn(
              FileEdit.INTERFACE,
              OwnKey.NOTE,
              one(
                  random,
                  List.of("Zürich # 7 = x"),
                  List.<String>of(),
                  List.of("a\r\nPostUp = x")));
      case 22 ->
          random.nextBoolean()
              ? new FileEdit.RemovePeer(peer)
              : new FileEdit.ReplaceKey(peer, OTHER);
      default -> new FileEdit.AddPeer(random.nextInt(9) == 0 ? added(peer) : added(NEW));
    };
  }

  private static FileEdit set(Random random, Place place, Key key, String... values) {
    return random.nextInt(4) == 0
        ? new FileEdit.Set(place, key, List.of())
        : new FileEdit.Set(place, key, one(random, values));
  }

  @SafeVarargs
  private static <T> T one(Random random, T... of) {
    return of[random.nextInt(of.length)];
  }

  private static PeerConfig added(PublicKey key) {
    return new PeerConfig(
        key,
        Optional.empty(),
        List.of(Prefix.parse("10.99.0.0/16")),
        Optional.of(new EndpointAddress("vpn.example", 51820)),
        OptionalInt.of(25),
        new PeerMetadata(
            Optional.of("Dora"),
            false,
            OwnValues.NONE.with(OwnKey.QUOTA, Quota.parse("3 MB/day")).with(OwnKey.NOTE, "été")),
        0);
  }

  // ---- what may change

  /** The changed lines that are not about the edit. */
  private static List<String> strangers(WgQuickFile before, WgQuickFile after, FileEdit edit) {
    List<String> changed = difference(lines(before), lines(after));
    changed.removeIf(line -> isAbout(line, edit, before));
    return changed;
  }

  private static boolean isAbout(String line, FileEdit edit, WgQuickFile before) {
    String bare = line.toLowerCase(Locale.ROOT);
    // An interface that was not there, what parts it from the rest, and a last line without end.
    if (before.interfaces().isEmpty() && (bare.isBlank() || bare.strip().equals("[interface]"))) {
      return true;
    }
    return switch (edit) {
      case FileEdit.Set set -> isOf(bare, set.key());
      case FileEdit.Add add -> isOf(bare, add.key());
      case FileEdit.Remove remove -> isOf(bare, remove.key());
      case FileEdit.Replace replace -> isOf(bare, replace.key());
      case FileEdit.SetOwn own -> bare.contains(own.key().toString());
      case FileEdit.Rename _ -> bare.contains("name");
      case FileEdit.ReplaceKey _ -> isOf(bare, Key.PUBLIC_KEY);
      case FileEdit.Disable _, FileEdit.Enable _ -> true;
      case FileEdit.AddPeer _, FileEdit.RemovePeer _ -> true;
    };
  }

  private static boolean isOf(String line, Key key) {
    int equals = line.indexOf('=');
    String name = equals < 0 ? line : line.substring(0, equals);
    return Blanks.drop(name.replace("#[disabled]", "").replace("#-", ""))
        .equalsIgnoreCase(key.text());
  }

  /** The lines that only one of the two has, by the longest common subsequence. */
  private static List<String> difference(List<String> a, List<String> b) {
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> only = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        i++;
        j++;
      } else if (j == b.size() || i < a.size() && common[i + 1][j] >= common[i][j + 1]) {
        only.add(a.get(i++));
      } else {
        only.add(b.get(j++));
      }
    }
    return only;
  }

  /** Lines without ends: that of the last one moves on when a line comes below it. */
  private static List<String> lines(WgQuickFile file) {
    return Arrays.asList(text(file).split("\r?\n", -1)).stream().map(line -> line).toList();
  }

  /** What a file says beside what the edit is about. */
  private static Object rest(TunnelConfig config, FileEdit edit) {
    Optional<PublicKey> about =
        switch (edit) {
          case FileEdit.Set(Place.Peer(PublicKey key), Key k, List<String> v) -> Optional.of(key);
          case FileEdit.Add(Place.Peer(PublicKey key), Key k, String v) -> Optional.of(key);
          case FileEdit.Remove(Place.Peer(PublicKey key), Key k, String v) -> Optional.of(key);
          case FileEdit.Replace(Place.Peer(PublicKey key), Key k, String v, String w) ->
              Optional.of(key);
          case FileEdit.SetOwn(Place.Peer(PublicKey key), OwnKey<?> k, List<String> v) ->
              Optional.of(key);
          case FileEdit.Rename rename -> Optional.of(rename.peer());
          case FileEdit.AddPeer add -> Optional.of(add.peer().publicKey());
          case FileEdit.RemovePeer remove -> Optional.of(remove.peer());
          case FileEdit.ReplaceKey replace -> Optional.of(replace.peer());
          case FileEdit.Disable disable -> Optional.of(disable.peer());
          case FileEdit.Enable enable -> Optional.of(enable.peer());
          default -> Optional.empty();
        };
    List<Object> rest = new ArrayList<>();
    for (List<PeerConfig> peers : List.of(config.peers(), config.disabledPeers())) {
      for (PeerConfig peer : peers) {
        if (!Optional.of(peer.publicKey()).equals(about)
            && !(edit instanceof FileEdit.ReplaceKey r && r.by().equals(peer.publicKey()))) {
          // Whose a prefix is may depend on the one that is edited.
          rest.add(
              List.of(
                  peer.publicKey(),
                  peer.presharedKey(),
                  peer.endpoint(),
                  peer.persistentKeepalive(),
                  peer.metadata()));
        }
      }
    }
    Optional<Key> key =
        switch (edit) {
          case FileEdit.Set set -> Optional.of(set.key());
          case FileEdit.Add add -> Optional.of(add.key());
          case FileEdit.Remove remove -> Optional.of(remove.key());
          default -> Optional.empty();
        };
    rest.add(config.fwMark());
    rest.add(config.saveConfig());
    rest.add(key.equals(Optional.of(Key.PRIVATE_KEY)) ? "" : config.privateKey());
    rest.add(key.equals(Optional.of(Key.LISTEN_PORT)) ? "" : config.listenPort());
    rest.add(key.equals(Optional.of(Key.MTU)) ? "" : config.mtu());
    rest.add(key.equals(Optional.of(Key.TABLE)) ? "" : config.table());
    rest.add(key.equals(Optional.of(Key.ADDRESS)) ? "" : config.addresses());
    rest.add(key.equals(Optional.of(Key.DNS)) ? "" : config.dns());
    rest.add(key.equals(Optional.of(Key.POST_UP)) ? "" : config.postUp());
    rest.add(List.of(config.preUp(), config.preDown(), config.postDown()));
    return rest;
  }

  private static List<PublicKey> keys(WgQuickFile file) {
    List<PublicKey> keys = new ArrayList<>();
    for (Block block : file.blocks()) {
      block.publicKey(file.lines()).filter(key -> !keys.contains(key)).ifPresent(keys::add);
    }
    return keys;
  }

  private static String text(WgQuickFile file) {
    return new String(file.bytes(), ISO_8859_1);
  }
}
