// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What sections say, setting by setting, with the place of each value. Unlike {@link ConfigReader}
 * it does not mind errors elsewhere in the file.
 */
final class Settings {
  /**
   * One value.
   *
   * @param line index of its line
   * @param start where it begins in the text of the line
   * @param end behind it
   * @param text as written, without blanks at its ends
   * @param meaning equal for equal values; the text itself where it cannot be read
   */
  record Item(int line, int start, int end, String text, Object meaning) {
    /** Whether it is written like this, blanks aside. */
    boolean isWritten(String other) {
      return Blanks.drop(text).equals(Blanks.drop(other));
    }
  }

  private final List<Line> lines;
  private final Values values = new Values();

  Settings(List<Line> lines) {
    this.lines = lines;
  }

  /** The values of a key in sections, in order. */
  List<Item> items(List<Block> blocks, Key key) {
    List<Item> items = new ArrayList<>();
    for (Block block : blocks) {
      for (int line : block.settings(lines, key)) {
        items(line, key, items);
      }
    }
    return items;
  }

  private void items(int index, Key key, List<Item> items) {
    Line line = lines.get(index);
    ValuePlace place = ValuePlace.of(line, key.isHook());
    if (!key.hasItems()) {
      items.add(item(index, place.start(), place.end(), key));
      return;
    }
    int start = place.start();
    for (int i = start; i <= place.end(); i++) {
      if (i == place.end() || isBetween(line.text().charAt(i), key)) {
        int from = start;
        int to = i;
        while (from < to && Blanks.isBlank(line.text().charAt(from))) {
          from++;
        }
        while (to > from && Blanks.isBlank(line.text().charAt(to - 1))) {
          to--;
        }
        if (from < to) {
          items.add(item(index, from, to, key));
        }
        start = i + 1;
      }
    }
  }

  /** The shell of wg-quick splits its lists at blanks, too; for wg they count nowhere. */
  private static boolean isBetween(char c, Key key) {
    return c == ',' || key.reader == Key.Reader.WG_QUICK && (c == ' ' || c == '\t');
  }

  private Item item(int line, int start, int end, Key key) {
    String text = lines.get(line).text().substring(start, end);
    Object meaning;
    try {
      meaning = meaning(key, text);
    } catch (BadValue e) {
      meaning = text;
    }
    return new Item(line, start, end, text, meaning);
  }

  /**
   * What a value of a key means.
   *
   * @param text in ISO-8859-1 form
   */
  Object meaning(Key key, String text) throws BadValue {
    String value = key.reader == Key.Reader.WG_QUICK ? Blanks.trim(text) : Blanks.drop(text);
    if (value.isEmpty()) {
      throw new BadValue(FindingCode.EMPTY, key.text, key.text);
    }
    return switch (key) {
      case PRIVATE_KEY, PRESHARED_KEY -> Values.secretKey(key, value);
      case PUBLIC_KEY -> Values.publicKey(value);
      case LISTEN_PORT -> values.listenPort(value);
      case FW_MARK -> Values.fwMark(value);
      case MTU -> Values.mtu(value);
      case TABLE -> values.table(value);
      case SAVE_CONFIG -> Values.saveConfig(value);
      case ADDRESS -> Values.address(value);
      case ALLOWED_IPS -> Values.allowedIp(value).masked();
      case ENDPOINT -> values.endpoint(value);
      case PERSISTENT_KEEPALIVE -> Values.persistentKeepalive(value);
      case DNS, PRE_UP, POST_UP, PRE_DOWN, POST_DOWN -> value;
    };
  }

  /** Whether an item is this value. */
  boolean means(Item item, Key key, String value) {
    try {
      return item.isWritten(value) || item.meaning().equals(meaning(key, value));
    } catch (BadValue e) {
      return false;
    }
  }

  /** The lines of a key of ours in sections, in order. */
  List<Integer> ownLines(List<Block> blocks, OwnKey<?> key) {
    List<Integer> found = new ArrayList<>();
    for (Block block : blocks) {
      for (int i = block.header() + 1; i <= block.last(); i++) {
        if (OwnLine.of(lines.get(i))
            .flatMap(said -> OwnKey.of(said.key()))
            .equals(Optional.of(key))) {
          found.add(i);
        }
      }
    }
    return found;
  }

  /** The value of a key of ours in sections; empty when it is not there or cannot be read. */
  <T> Optional<T> own(List<Block> blocks, OwnKey<T> key) {
    OwnValues values = OwnValues.NONE;
    for (int line : ownLines(blocks, key)) {
      try {
        String text = OwnLine.of(lines.get(line)).orElseThrow().value();
        values = values.with(key, key.parse(Shown.utf8(text)));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
    return values.get(key);
  }
}
