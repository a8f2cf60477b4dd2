// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the state of a running tunnel into its file, line by line: a line is only touched when
 * what it says is no longer so. Linear in the size of both.
 */
final class SavedState {
  private final List<Line> lines;
  private final WgConfig said;
  private final Map<PublicKey, PeerConfig> running = new LinkedHashMap<>();
  private final List<Block> interfaces = new ArrayList<>();
  private final Map<PublicKey, List<Block>> sections = new HashMap<>();
  private final List<Block> gone = new ArrayList<>();

  /** What stands in each line now, without its end; null for a line that is taken away. */
  private final @Nullable String[] texts;

  /** What comes below a line. */
  private final Map<Integer, List<String>> below = new HashMap<>();

  /** What comes at the top, into a section that is not there yet. */
  private final List<String> top = new ArrayList<>();

  private SavedState(List<Line> lines, List<Block> blocks, WgConfig said, WgConfig wanted) {
    this.lines = lines;
    this.said = said;
    wanted.peers().forEach(peer -> running.put(peer.publicKey(), peer));
    texts = lines.stream().map(Line::text).toArray(String[]::new);
    for (Block block : blocks) {
      if (lines.get(block.header()).header().equals("[interface]")) {
        interfaces.add(block);
        continue;
      }
      PublicKey key = block.publicKey(lines).orElseThrow();
      if (running.containsKey(key)) {
        sections.computeIfAbsent(key, k -> new ArrayList<>()).add(block);
      } else {
        gone.add(block);
      }
    }
  }

  /**
   * The new text in ISO-8859-1 form; empty when nothing differs.
   *
   * @param said what the lines say
   */
  static Optional<String> write(
      List<Line> lines, List<Block> blocks, WgConfig said, WgConfig running) {
    if (acts(said).equals(acts(running))) {
      return Optional.empty();
    }
    SavedState state = new SavedState(lines, blocks, said, running);
    state.device(running);
    state.peers();
    state.allowedIps();
    return Optional.of(state.text());
  }

  /** What a configuration does, whatever its spelling and order. */
  static List<Object> acts(WgConfig config) {
    Map<PublicKey, List<Object>> peers = new HashMap<>();
    for (PeerConfig peer : config.peers()) {
      Set<Prefix> allowedIps = new HashSet<>();
      peer.allowedIps().forEach(prefix -> allowedIps.add(prefix.masked()));
      peers.put(
          peer.publicKey(),
          List.of(WgConfig.presharedKey(peer), endpoint(peer), keepalive(peer), allowedIps));
    }
    return List.of(privateKey(config), port(config), mark(config), peers);
  }

  private void device(WgConfig wanted) {
    if (!privateKey(said).equals(privateKey(wanted))) {
      String key =
          wanted.privateKey().filter(k -> !k.isZero()).map(SecretKey::revealBase64).orElse("");
      write(interfaces, Key.PRIVATE_KEY, key);
    }
    scalar(interfaces, Key.LISTEN_PORT, port(said), port(wanted));
    scalar(interfaces, Key.FW_MARK, mark(said), mark(wanted));
  }

  private void peers() {
    for (PeerConfig before : said.peers()) {
      PeerConfig now = running.get(before.publicKey());
      if (now == null) {
        continue;
      }
      List<Block> blocks = sections.getOrDefault(before.publicKey(), List.of());
      scalar(blocks, Key.PRESHARED_KEY, WgConfig.presharedKey(before), WgConfig.presharedKey(now));
      if (!endpoint(before).equals(endpoint(now))) {
        String text = now.endpoint().map(EndpointAddress::toString).orElse("");
        write(blocks, Key.ENDPOINT, text);
      }
      scalar(blocks, Key.PERSISTENT_KEEPALIVE, keepalive(before), keepalive(now));
    }
  }

  private void scalar(List<Block> blocks, Key key, String before, String now) {
    if (!before.equals(now)) {
      write(blocks, key, now);
    }
  }

  /** A key that is given once; of several lines the last counts, in whichever section. */
  private void write(List<Block> blocks, Key key, String now) {
    int last = -1;
    for (Block block : blocks) {
      for (int line : block.settings(lines, key)) {
        last = line;
        if (now.isEmpty()) {
          texts[line] = null;
        }
      }
    }
    if (now.isEmpty()) {
      return;
    }
    if (last >= 0) {
      texts[last] = withValue(lines.get(last), now);
    } else {
      insert(blocks, key, now);
    }
  }

  private void insert(List<Block> blocks, Key key, String value) {
    if (blocks.isEmpty()) {
      top.add(key.text + " = " + value);
      return;
    }
    Block block = blocks.getLast();
    below
        .computeIfAbsent(block.lastSetting(lines), line -> new ArrayList<>())
        .add(Style.of(lines, List.of(block)).setting(key, value));
  }

  /**
   * A prefix belongs to the last section that names it, so every section that names one which
   * changed hands has to be looked at, not only those of its old and its new peer.
   */
  private void allowedIps() {
    Map<Prefix, PublicKey> before = owners(said.peers());
    Map<Prefix, PublicKey> now = owners(running.values());
    Set<Prefix> changed = new HashSet<>(before.keySet());
    changed.addAll(now.keySet());
    Set<Map.Entry<Prefix, PublicKey>> same = new HashSet<>(before.entrySet());
    same.retainAll(now.entrySet());
    same.forEach(entry -> changed.remove(entry.getKey()));
    if (changed.isEmpty()) {
      return;
    }
    sections.forEach((key, blocks) -> allowedIps(key, blocks, changed));
  }

  private void allowedIps(PublicKey key, List<Block> blocks, Set<Prefix> changed) {
    Set<Prefix> missing = new LinkedHashSet<>();
    PeerConfig peer = running.get(key);
    if (peer != null) {
      peer.allowedIps().stream()
          .map(Prefix::masked)
          .filter(changed::contains)
          .forEach(missing::add);
    }
    Set<Prefix> wanted = Set.copyOf(missing);
    int last = -1;
    for (Block block : blocks) {
      // A later section of the same peer takes back what an earlier one gave.
      boolean counts = block.equals(blocks.getLast());
      for (int line : block.settings(lines, Key.ALLOWED_IPS)) {
        last = counts ? line : last;
        List<String> kept = new ArrayList<>();
        String value = value(lines.get(line));
        String[] words = value.split(",", -1);
        for (String word : words) {
          Prefix prefix = Prefix.parse(Blanks.drop(word)).masked();
          boolean stays = !changed.contains(prefix) || counts && wanted.contains(prefix);
          if (stays) {
            kept.add(Blanks.trim(word));
          }
          if (stays && counts) {
            missing.remove(prefix);
          }
        }
        if (kept.isEmpty()) {
          texts[line] = null;
        } else if (kept.size() < words.length) {
          texts[line] = withValue(lines.get(line), String.join(separator(value), kept));
        }
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    List<String> added = missing.stream().map(Prefix::toString).toList();
    if (last < 0) {
      insert(blocks, Key.ALLOWED_IPS, String.join(", ", added));
      return;
    }
    List<String> all = new ArrayList<>();
    String text = texts[last];
    if (text != null) {
      all.add(value(new Line(0, text, "")));
    }
    all.addAll(added);
    texts[last] = withValue(lines.get(last), String.join(separator(value(lines.get(last))), all));
  }

  private static Map<Prefix, PublicKey> owners(Iterable<PeerConfig> peers) {
    Map<Prefix, PublicKey> owners = new HashMap<>();
    for (PeerConfig peer : peers) {
      peer.allowedIps().forEach(prefix -> owners.put(prefix.masked(), peer.publicKey()));
    }
    return owners;
  }

  private String text() {
    Set<Integer> away = Block.lines(gone, lines);
    Style style = Style.of(lines, interfaces);
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String text = texts[i];
      String end = lines.get(i).end().isEmpty() ? style.end() : lines.get(i).end();
      if (text != null && !away.contains(i)) {
        kept.add(text + end);
      }
      below.getOrDefault(i, List.of()).forEach(line -> kept.add(line + style.end()));
    }
    StringBuilder text = new StringBuilder();
    if (!top.isEmpty()) {
      text.append("[Interface]").append(style.end());
      top.forEach(line -> text.append(line).append(style.end()));
      text.append(kept.isEmpty() ? "" : style.end());
    }
    kept.forEach(text::append);
    if (!lines.isEmpty() && lines.getLast().end().isEmpty() && !text.isEmpty()) {
      int feed = text.length() - 1;
      text.setLength(feed > 0 && text.charAt(feed - 1) == '\r' ? feed - 1 : feed);
    }
    said.peers().forEach(peer -> running.remove(peer.publicKey()));
    return Style.append(
        text.toString(), running.values().stream().map(SavedState::withoutZeros).toList());
  }

  /** A new section has no lines that say that something is off. */
  private static PeerConfig withoutZeros(PeerConfig peer) {
    return new PeerConfig(
        peer.publicKey(),
        peer.presharedKey().filter(key -> !key.isZero()),
        peer.allowedIps(),
        peer.endpoint(),
        keepalive(peer).isEmpty() ? OptionalInt.empty() : peer.persistentKeepalive(),
        peer.name(),
        peer.line());
  }

  // ---- values of lines

  private static String value(Line line) {
    int[] place = place(line);
    return line.text().substring(place[0], place[1]);
  }

  private static String withValue(Line line, String value) {
    int[] place = place(line);
    return line.text().substring(0, place[0]) + value + line.text().substring(place[1]);
  }

  /** Where the value of a setting begins and ends, without the blanks around it. */
  private static int[] place(Line line) {
    String text = line.text();
    int hash = text.indexOf('#');
    int start = text.indexOf('=') + 1;
    int end = hash < 0 ? text.length() : hash;
    while (start < end && Blanks.isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && Blanks.isBlank(text.charAt(end - 1))) {
      end--;
    }
    return new int[] {start, end};
  }

  private static String separator(String value) {
    return value.indexOf(',') < 0 || value.contains(", ") ? ", " : ",";
  }

  // ---- canonical forms, empty for what is not there

  /** Clamped as a device does it (RFC 7748, section 5), so that its own file is no other key. */
  private static String privateKey(WgConfig config) {
    return config
        .privateKey()
        .filter(key -> !key.isZero())
        .map(
            key -> {
              byte[] octets = key.revealOctets();
              octets[0] &= (byte) 248;
              octets[31] = (byte) (octets[31] & 127 | 64);
              SecretKey clamped = SecretKey.of(octets);
              Arrays.fill(octets, (byte) 0);
              return clamped.revealBase64();
            })
        .orElse("");
  }

  private static String port(WgConfig config) {
    int port = config.listenPort().orElse(0);
    return port == 0 ? "" : Integer.toString(port);
  }

  private static String mark(WgConfig config) {
    int mark = config.fwMark().orElse(0);
    return mark == 0 ? "" : WgConfig.mark(mark);
  }

  private static String keepalive(PeerConfig peer) {
    int seconds = peer.persistentKeepalive().orElse(0);
    return seconds == 0 ? "" : Integer.toString(seconds);
  }

  private static String endpoint(PeerConfig peer) {
    return peer.endpoint()
        .map(endpoint -> host(endpoint.host()) + " " + endpoint.port())
        .orElse("");
  }

  /** IPv6 can be spelt in many ways, and names have no case. */
  private static String host(String host) {
    int percent = host.indexOf('%');
    String zone = percent < 0 ? "" : host.substring(percent);
    try {
      String address = percent < 0 ? host : host.substring(0, percent);
      return IpLiteral.format(IpLiteral.parse(address)) + zone;
    } catch (IllegalArgumentException e) {
      return host.toLowerCase(Locale.ROOT);
    }
  }
}
