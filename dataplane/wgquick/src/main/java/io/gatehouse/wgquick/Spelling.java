// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How a file spells its keys, headers and lists, so that what we add looks like the rest of it.
 *
 * @param keys as they were written last
 * @param letters whether keys that are not there yet are written small, large or as usual
 * @param peerHeader such as {@code [Peer]}
 * @param separator of the items of a list
 * @param onePerLine the lists that have an item on each of several lines
 */
record Spelling(
    Map<Key, String> keys,
    Letters letters,
    String peerHeader,
    String separator,
    Set<Key> onePerLine) {
  /** Sizes of letters. */
  enum Letters {
    AS_USUAL,
    SMALL,
    LARGE
  }

  /** The spelling of a file; where it says nothing, the usual one. In linear time. */
  static Spelling of(List<Line> lines) {
    Map<Key, String> keys = new EnumMap<>(Key.class);
    Set<Key> here = EnumSet.noneOf(Key.class);
    Set<Key> twice = EnumSet.noneOf(Key.class);
    Set<Key> withComma = EnumSet.noneOf(Key.class);
    String peerHeader = "[Peer]";
    boolean small = true;
    boolean large = true;
    boolean wide = false;
    for (Line line : lines) {
      String content = line.content();
      if (line.isHeader()) {
        here.clear();
        peerHeader = content.equalsIgnoreCase("[Peer]") ? content : peerHeader;
      }
      int equals = content.indexOf('=');
      if (equals < 0 || line.isHeader()) {
        continue;
      }
      String written = Blanks.trim(content.substring(0, equals));
      Key key = Key.of(written).orElse(null);
      if (key == null) {
        continue;
      }
      keys.put(key, written);
      small &= written.equals(written.toLowerCase(Locale.ROOT));
      large &= written.equals(written.toUpperCase(Locale.ROOT));
      if (!here.add(key)) {
        twice.add(key);
      }
      if (key.hasItems() && content.indexOf(',') >= 0) {
        withComma.add(key);
        wide |= content.contains(", ");
      }
    }
    twice.removeAll(withComma);
    boolean any = !keys.isEmpty();
    return new Spelling(
        keys,
        any && small ? Letters.SMALL : any && large ? Letters.LARGE : Letters.AS_USUAL,
        peerHeader,
        withComma.isEmpty() || wide ? ", " : ",",
        twice);
  }

  /** A key as this file writes it. */
  String of(Key key) {
    String written = keys.get(key);
    return written != null
        ? written
        : switch (letters) {
          case AS_USUAL -> key.text;
          case SMALL -> key.text.toLowerCase(Locale.ROOT);
          case LARGE -> key.text.toUpperCase(Locale.ROOT);
        };
  }
}
