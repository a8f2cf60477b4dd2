// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
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

/**
 * Writes the state of a running tunnel into its file, line by line: a line is only touched when
 * what it says is no longer so. Linear in the size of both.
 */
final class SavedState {
  private final String fileName;
  private final List<Line> lines;
  private final WgConfig said;
  private final Map<PublicKey, PeerConfig> running = new LinkedHashMap<>();
  private final List<Block> interfaces = new ArrayList<>();
  private final Map<PublicKey, List<Block>> sections = new HashMap<>();
  private final List<Block> gone = new ArrayList<>();

  private final LineEdits edits;
  private final Style style;

  /** What comes at the top, into a section that is not there yet. */
  private final List<String> top = new ArrayList<>();

  private SavedState(
      String fileName, List<Line> lines, List<Block> blocks, WgConfig said, WgConfig wanted) {
    this.fileName = fileName;
    this.lines = lines;
    this.said = said;
    wanted.peers().forEach(peer -> running.put(peer.publicKey(), peer));
    style = Style.of(lines, blocks);
    edits = new LineEdits(lines, style.end());
    for (Block block : blocks) {
      if (block.isOff(lines)) {
        continue;
      }
      if (block.isInterface(lines)) {
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
      String fileName, List<Line> lines, List<Block> blocks, WgConfig said, WgConfig running) {
    if (acts(said).equals(acts(running))) {
      return Optional.empty();
    }
    SavedState state = new SavedState(fileName, lines, blocks, said, running);
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
          edits.remove(line);
        }
      }
    }
    if (now.isEmpty()) {
      return;
    }
    if (last >= 0) {
      edits.replace(last, ValuePlace.withValue(lines.get(last), false, now));
    } else {
      insert(blocks, key, now);
    }
  }

  private void insert(List<Block> blocks, Key key, String value) {
    if (blocks.isEmpty()) {
      top.add(style.spelling().of(key) + " = " + value);
      return;
    }
    Block block = blocks.getLast();
    edits.addBelow(block.lastSetting(lines), style.in(lines, block).setting(key, value));
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
        String value = ValuePlace.value(lines.get(line), false);
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
          edits.remove(line);
        } else if (kept.size() < words.length) {
          edits.replace(
              line,
              ValuePlace.withValue(lines.get(line), false, String.join(separator(value), kept)));
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
    String text = edits.text(last);
    if (text != null) {
      all.add(ValuePlace.value(new Line(0, text, ""), false));
    }
    all.addAll(added);
    edits.replace(
        last,
        ValuePlace.withValue(
            lines.get(last),
            false,
            String.join(separator(ValuePlace.value(lines.get(last), false)), all)));
  }

  private String separator(String value) {
    return ValuePlace.separator(value, style.spelling().separator());
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
    away.forEach(edits::remove);
    Block.parted(away, lines).forEach(edits::part);
    if (!top.isEmpty()) {
      edits.addTop("[Interface]");
      top.forEach(edits::addTop);
      if (away.size() < lines.size()) {
        edits.addTop("");
      }
    }
    String text = edits.result();
    said.peers().forEach(peer -> running.remove(peer.publicKey()));
    return Style.append(
        fileName, text, running.values().stream().map(SavedState::withoutZeros).toList());
  }

  /** A new section has no lines that say that something is off. */
  private static PeerConfig withoutZeros(PeerConfig peer) {
    return new PeerConfig(
        peer.publicKey(),
        peer.presharedKey().filter(key -> !key.isZero()),
        peer.allowedIps(),
        peer.endpoint(),
        keepalive(peer).isEmpty() ? OptionalInt.empty() : peer.persistentKeepalive(),
        peer.metadata(),
        peer.line());
  }

  // ---- canonical forms, empty for what is not there

  /** Clamped as a device does it, so that its own file is no other key. */
  private static String privateKey(WgConfig config) {
    return config
        .privateKey()
        .filter(key -> !key.isZero())
        .map(key -> key.clamped().revealBase64())
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
