// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys in the text of a wg-quick file: hidden, so that somebody can edit the file without
 * seeing them, and put back. Stateless.
 *
 * <p>Hidden is whatever stands where a private or preshared key does, as wg(8) would read it or in
 * a comment, and whatever else looks like a key and is not said to be a public one, such as in
 * PostUp. For editing each gets a placeholder of its own, {@code (hidden 2@1f6c03a9)}: the second
 * key of the version that begins like this. What is put back must be hidden where it stands then,
 * so that no key can be brought to a place where it is shown.
 */
public final class HiddenKeys {
  /** In the place of a private or preshared key: one that is to be made, and told to nobody. */
  public static final String GENERATE = "(generate)";

  /** How many characters of a version a placeholder names. */
  private static final int VERSION_LENGTH = 8;

  private static final String BLANK = "[\\s\\x00&&[^\\n]]*";

  private static final Pattern SECRET =
      Pattern.compile(
          // wg(8) drops blanks wherever they stand.
          "(?<named>(?:(?<private>"
              + spaced("private")
              + ")|"
              + spaced("preshared")
              + ")[_-]?"
              + BLANK
              + spaced("key")
              + "[\"']?"
              + BLANK
              + "[=:]"
              + BLANK
              + ")(?<value>[^#\\n]*[^#\\s\\x00])"
              + "|"
              + spaced("public")
              + "[_-]?"
              + BLANK
              + spaced("key")
              + BLANK
              + "[=:]"
              + BLANK
              + "[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])"
              + "|(?<other>(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{43}=|[0-9A-Fa-f]{64}(?![A-Za-z0-9+/])))",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\(hidden ([1-9][0-9]{0,8})@([0-9a-f]{" + VERSION_LENGTH + "})\\)");

  private HiddenKeys() {}

  private enum Kind {
    PRIVATE,
    PRESHARED,
    OTHER
  }

  /** Where a key stands in a text. */
  private record Span(int start, int end, Kind kind) {}

  /** The same lines, each key replaced by {@code (hidden)}. */
  public static String mask(String text) {
    return replaced(text, find(text), number -> Shown.HIDDEN);
  }

  /**
   * The same lines, each key replaced by its placeholder.
   *
   * @param version of the text, at least eight hexadecimal digits in lower case
   */
  public static String hide(String text, String version) {
    return replaced(text, find(text), number -> placeholder(number, version));
  }

  /**
   * Puts keys back for placeholders, and makes those that are to be made.
   *
   * @param file its name, for findings
   * @param edited what was made of {@link #hide}
   * @param text that was hidden
   * @param version as it was given there
   * @throws RefusedEdit if a placeholder is of another version or stands twice, or where it stands
   *     now the key would be shown or be another kind of key
   */
  public static String reveal(String file, String edited, String text, String version) {
    List<Span> keys = find(text);
    BitSet used = new BitSet();
    StringBuilder revealed = new StringBuilder(edited.length() + 64);
    List<Span> put = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    Matcher found = PLACEHOLDER.matcher(edited);
    int done = 0;
    while (found.find()) {
      int number = Integer.parseInt(found.group(1)) - 1;
      if (!version.startsWith(found.group(2)) || number >= keys.size()) {
        throw refused(FindingCode.NO_HIDDEN_KEY, file, edited, found);
      }
      if (used.get(number)) {
        throw refused(FindingCode.HIDDEN_KEY_TWICE, file, edited, found);
      }
      used.set(number);
      Span key = keys.get(number);
      revealed.append(edited, done, found.start());
      int start = revealed.length();
      revealed.append(text, key.start(), key.end());
      put.add(new Span(start, revealed.length(), key.kind()));
      from.add(found.start());
      done = found.end();
    }
    revealed.append(edited, done, edited.length());
    List<Span> now = find(revealed.toString());
    for (int i = 0; i < put.size(); i++) {
      if (!now.contains(put.get(i))) {
        boolean _ = found.find(from.get(i));
        throw refused(FindingCode.HIDDEN_KEY_PLACE, file, edited, found);
      }
    }
    return generated(revealed.toString());
  }

  /** The text with keys made where {@value #GENERATE} stands for one. */
  public static String generated(String text) {
    return text.contains(GENERATE)
        ? replaced(
            text,
            find(text).stream()
                .filter(key -> text.substring(key.start(), key.end()).equals(GENERATE))
                .toList(),
            number -> generate())
        : text;
  }

  /** A new key in base64, good as a private and as a preshared one. */
  public static String generate() {
    byte[] octets = new byte[SecretKey.LENGTH];
    new SecureRandom().nextBytes(octets);
    octets[0] &= (byte) 0xf8;
    octets[31] = (byte) (octets[31] & 0x7f | 0x40);
    SecretKey key = SecretKey.of(octets);
    Arrays.fill(octets, (byte) 0);
    String text = key.revealBase64();
    key.wipe();
    return text;
  }

  private static List<Span> find(String text) {
    List<Span> spans = new ArrayList<>();
    Matcher found = SECRET.matcher(text);
    while (found.find()) {
      if (found.start("value") >= 0) {
        Kind kind = found.start("private") >= 0 ? Kind.PRIVATE : Kind.PRESHARED;
        spans.add(new Span(found.start("value"), found.end("value"), kind));
      } else if (found.start("other") >= 0) {
        spans.add(new Span(found.start("other"), found.end("other"), Kind.OTHER));
      }
    }
    return spans;
  }

  /** What to write for the key of a number, which counts from 1. */
  private interface Replacement {
    String of(int number);
  }

  private static String replaced(String text, List<Span> keys, Replacement by) {
    StringBuilder replaced = new StringBuilder(text.length());
    int done = 0;
    for (int i = 0; i < keys.size(); i++) {
      replaced.append(text, done, keys.get(i).start()).append(by.of(i + 1));
      done = keys.get(i).end();
    }
    return replaced.append(text, done, text.length()).toString();
  }

  private static String placeholder(int number, String version) {
    return "(hidden " + number + "@" + version.substring(0, VERSION_LENGTH) + ")";
  }

  private static RefusedEdit refused(FindingCode code, String file, String text, Matcher found) {
    int line = 1 + (int) text.substring(0, found.start()).chars().filter(c -> c == '\n').count();
    return new RefusedEdit(code.at(file, line, found.group()));
  }

  private static String spaced(String word) {
    return Stream.of(word.split("")).collect(Collectors.joining(BLANK));
  }
}
