// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import io.gatehouse.control.EditStep;
import io.gatehouse.webapp.Texts;
import io.gatehouse.webapp.pending.Expiry;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** New peers as somebody has listed them in a table. Stateless. */
final class PeerList {
  /** So many at once. */
  static final int MOST = 200;

  private PeerList() {}

  /**
   * One of them.
   *
   * @param line where it begins, from 1
   * @param publicKey empty for a key pair that the browser is to make
   * @param allowedIps empty for addresses that are free
   * @param expires as files have it, or empty
   * @param error why it cannot be added; empty if it can, as far as can be told here
   */
  public record Entry(
      int line,
      String name,
      String publicKey,
      List<String> allowedIps,
      String expires,
      String tags,
      String note,
      String error) {
    Entry with(String key, List<String> addresses) {
      return new Entry(line, name, key, addresses, expires, tags, note, error);
    }

    /** What adds it to a file. */
    List<EditStep> steps(int keepalive) {
      List<EditStep> steps = new ArrayList<>();
      steps.add(new EditStep.AddPeer(publicKey, name, allowedIps, "", keepalive, Optional.empty()));
      set(steps, "gatehouse.expires", expires);
      set(steps, "gatehouse.tags", tags);
      set(steps, "gatehouse.note", note);
      return steps;
    }

    private void set(List<EditStep> steps, String key, String value) {
      if (!value.isEmpty()) {
        steps.add(new EditStep.Set(Optional.of(publicKey), key, List.of(value)));
      }
    }
  }

  /**
   * Reads a table. Its first record names the columns: {@code name}, and {@code public_key}, {@code
   * allowed_ips}, {@code expires}, {@code tags}, {@code note} as wanted, in any order; others are
   * passed over, so that what was exported can be read.
   *
   * @param there public keys that are taken
   */
  static List<Entry> read(String text, Set<String> there, Texts texts) {
    List<Csv.Entry> records = Csv.read(text);
    if (records.isEmpty()) {
      return List.of();
    }
    List<String> head =
        records.getFirst().fields().stream()
            .map(field -> field.strip().toLowerCase(Locale.ROOT))
            .toList();
    if (!head.contains("name")) {
      return List.of(
          new Entry(
              records.getFirst().line(), "", "", List.of(), "", "", "", texts.of("list.head")));
    }
    Set<String> keys = new HashSet<>(there);
    return records.stream().skip(1).map(record -> entry(record, head, keys, texts)).toList();
  }

  private static Entry entry(Csv.Entry record, List<String> head, Set<String> keys, Texts texts) {
    String name = field(record, head, "name");
    String key = field(record, head, "public_key");
    List<String> allowed =
        Stream.of(field(record, head, "allowed_ips").split("[,;\\s]+"))
            .filter(prefix -> !prefix.isEmpty())
            .toList();
    String expires = field(record, head, "expires");
    String error = "";
    if (name.isEmpty() || name.length() > 64 || name.chars().anyMatch(Character::isISOControl)) {
      error = texts.of("add.name.control");
    } else if (!key.isEmpty() && !isKey(key)) {
      error = texts.of("list.key", key);
    } else if (!key.isEmpty() && !keys.add(key)) {
      error = texts.of("list.key.twice");
    } else if (allowed.stream().anyMatch(prefix -> !isPrefix(prefix))) {
      error = texts.of("list.prefix", String.join(", ", allowed));
    } else if (!expires.isEmpty() && Expiry.parse(expires).isEmpty()) {
      error = texts.of("settings.expires.form", expires);
    }
    return new Entry(
        record.line(),
        name,
        key,
        allowed,
        Expiry.parse(expires).orElse(""),
        field(record, head, "tags"),
        field(record, head, "note"),
        error);
  }

  /** Without blanks around, and without the mark that keeps it from being a formula. */
  private static String field(Csv.Entry record, List<String> head, String column) {
    int at = head.indexOf(column);
    String value = at < 0 || at >= record.fields().size() ? "" : record.fields().get(at).strip();
    return value.matches("'[=+@-].*") ? value.substring(1) : value;
  }

  private static boolean isKey(String text) {
    try {
      PublicKey.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isPrefix(String text) {
    try {
      Prefix.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
