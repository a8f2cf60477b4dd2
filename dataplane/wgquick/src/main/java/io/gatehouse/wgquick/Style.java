// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a file is written, so that what we add looks like the rest of it.
 *
 * @param end of a line
 * @param headerIndent blanks before a header
 * @param keyIndent blanks before a key
 * @param equals the equals sign with the blanks around it
 * @param blankLine whether a blank line stands between sections
 * @param finalEnd whether the last line has a line end
 * @param spelling of keys, headers and lists
 */
record Style(
    String end,
    String headerIndent,
    String keyIndent,
    String equals,
    boolean blankLine,
    boolean finalEnd,
    Spelling spelling) {

  /** The style of a file, as of its last section; where it says nothing, the usual one. */
  static Style of(List<Line> lines, List<Block> blocks) {
    long feeds = lines.stream().filter(l -> l.end().equals("\n")).count();
    long pairs = lines.stream().filter(l -> l.end().equals("\r\n")).count();
    boolean blankLine = true;
    if (blocks.size() > 1) {
      Block block = blocks.getLast();
      blankLine = block.first() > 0 && lines.get(block.first() - 1).isBlank();
    }
    boolean finalEnd = lines.isEmpty() || !lines.getLast().end().isEmpty();
    Style style =
        new Style(
            pairs > feeds ? "\r\n" : "\n", "", "", " = ", blankLine, finalEnd, Spelling.of(lines));
    return blocks.isEmpty() ? style : style.in(lines, blocks.getLast());
  }

  /** The same, but as one section of the file is written, if it has any settings. */
  Style in(List<Line> lines, Block block) {
    for (int i = block.header() + 1; i <= block.last(); i++) {
      String text = lines.get(i).text();
      int sign = lines.get(i).content().indexOf('=') < 0 ? -1 : text.indexOf('=');
      if (sign >= 0) {
        return new Style(
            end,
            indent(lines.get(block.header()).text()),
            indent(text),
            blanksBefore(text, sign) + "=" + indent(text.substring(sign + 1)),
            blankLine,
            finalEnd,
            spelling);
      }
    }
    return new Style(
        end,
        indent(lines.get(block.header()).text()),
        keyIndent,
        equals,
        blankLine,
        finalEnd,
        spelling);
  }

  /** A file with sections for these peers below, written as the rest of it is. */
  static String append(String fileName, String file, List<PeerConfig> peers) {
    List<Line> lines = DisabledLines.find(Line.split(file));
    Style style = of(lines, Block.of(lines));
    StringBuilder text = new StringBuilder(file);
    boolean parted = lines.isEmpty() || lines.getLast().isBlank();
    boolean mustPart = takesLast(lines);
    for (PeerConfig peer : peers) {
      if (!style.finalEnd) {
        text.append(style.end);
      }
      if (!parted && (style.blankLine || mustPart)) {
        text.append(style.end);
      }
      text.append(WgQuickFile.section(fileName, peer, style));
      parted = false;
      mustPart = false;
    }
    return text.toString();
  }

  /** Whether a section right below would take the comment at the end for its own. */
  private static boolean takesLast(List<Line> lines) {
    List<Line> more = new ArrayList<>(lines);
    more.add(new Line(0, "[Peer]", ""));
    return Block.of(more).getLast().first() < lines.size();
  }

  /** A section for a peer, in ISO-8859-1 form, without what parts it from the rest. */
  String section(PeerConfig peer) {
    List<String> lines = new ArrayList<>();
    lines.add(headerIndent + spelling.peerHeader());
    peer.name().ifPresent(name -> lines.add(keyIndent + PeerName.comment(name)));
    for (OwnKey<?> key : OwnKey.all()) {
      own(peer, key).ifPresent(line -> lines.add(keyIndent + line.comment()));
    }
    lines.add(setting(Key.PUBLIC_KEY, peer.publicKey().toString()));
    peer.presharedKey().ifPresent(k -> lines.add(setting(Key.PRESHARED_KEY, k.revealBase64())));
    List<String> allowedIps = peer.allowedIps().stream().map(Prefix::toString).toList();
    if (spelling.onePerLine().contains(Key.ALLOWED_IPS)) {
      allowedIps.forEach(prefix -> lines.add(setting(Key.ALLOWED_IPS, prefix)));
    } else if (!allowedIps.isEmpty()) {
      lines.add(setting(Key.ALLOWED_IPS, String.join(spelling.separator(), allowedIps)));
    }
    peer.endpoint().ifPresent(e -> lines.add(setting(Key.ENDPOINT, e.toString())));
    peer.persistentKeepalive()
        .ifPresent(s -> lines.add(setting(Key.PERSISTENT_KEEPALIVE, Integer.toString(s))));
    if (peer.metadata().disabled()) {
      lines.replaceAll(line -> DisabledLines.MARK + line);
    }
    return String.join(end, lines) + (finalEnd ? end : "");
  }

  private static <T> Optional<OwnLine> own(PeerConfig peer, OwnKey<T> key) {
    return peer.metadata()
        .own()
        .get(key)
        .map(value -> new OwnLine(key.name(), PeerName.latin1(key.format(value))));
  }

  /** One setting, without line end. */
  String setting(Key key, String value) {
    return keyIndent + spelling.of(key) + equals + value;
  }

  static String indent(String text) {
    int i = 0;
    while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
      i++;
    }
    // Nothing but blanks is no indentation.
    return i == text.length() ? "" : text.substring(0, i);
  }

  private static String blanksBefore(String text, int sign) {
    int i = sign;
    while (i > 0 && (text.charAt(i - 1) == ' ' || text.charAt(i - 1) == '\t')) {
      i--;
    }
    return text.substring(i, sign);
  }
}
