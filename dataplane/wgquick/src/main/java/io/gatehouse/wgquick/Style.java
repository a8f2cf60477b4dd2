// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a file is written, so that what we add looks like the rest of it.
 *
 * @param end of a line
 * @param headerIndent blanks before a header
 * @param keyIndent blanks before a key
 * @param equals the equals sign with the blanks around it
 * @param blankLine whether a blank line stands between sections
 * @param finalEnd whether the last line has a line end
 */
record Style(
    String end,
    String headerIndent,
    String keyIndent,
    String equals,
    boolean blankLine,
    boolean finalEnd) {

  /** The style of a file; where it says nothing, the usual one. */
  static Style of(List<Line> lines, List<Block> blocks) {
    long feeds = lines.stream().filter(l -> l.end().equals("\n")).count();
    long pairs = lines.stream().filter(l -> l.end().equals("\r\n")).count();
    String headerIndent = "";
    String keyIndent = "";
    String equals = " = ";
    boolean blankLine = true;
    if (!blocks.isEmpty()) {
      Block block = blocks.getLast();
      headerIndent = indent(lines.get(block.header()).text());
      blankLine = blocks.size() == 1 || block.first() > 0 && lines.get(block.first() - 1).isBlank();
      for (int i = block.header() + 1; i <= block.last(); i++) {
        String text = lines.get(i).text();
        int sign = lines.get(i).content().indexOf('=') < 0 ? -1 : text.indexOf('=');
        if (sign >= 0) {
          keyIndent = indent(text);
          equals = blanksBefore(text, sign) + "=" + indent(text.substring(sign + 1));
          break;
        }
      }
    }
    boolean finalEnd = lines.isEmpty() || !lines.getLast().end().isEmpty();
    return new Style(
        pairs > feeds ? "\r\n" : "\n", headerIndent, keyIndent, equals, blankLine, finalEnd);
  }

  /** A file with sections for these peers below, written as the rest of it is. */
  static String append(String file, List<PeerConfig> peers) {
    List<Line> lines = Line.split(file);
    Style style = of(lines, Block.of(lines));
    StringBuilder text = new StringBuilder(file);
    boolean parted = lines.isEmpty() || lines.getLast().isBlank();
    // Right below a comment, the new section would take it for its own.
    boolean mustPart = !lines.isEmpty() && Block.isAbove(lines.getLast());
    for (PeerConfig peer : peers) {
      if (!style.finalEnd) {
        text.append(style.end);
      }
      if (!parted && (style.blankLine || mustPart)) {
        text.append(style.end);
      }
      text.append(WgQuickFile.section(peer, style));
      parted = false;
      mustPart = false;
    }
    return text.toString();
  }

  /** A section for a peer, in ISO-8859-1 form, without what parts it from the rest. */
  String section(PeerConfig peer) {
    List<String> lines = new ArrayList<>();
    lines.add(headerIndent + "[Peer]");
    peer.name()
        .map(n -> new String(n.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
        .ifPresent(n -> lines.add(keyIndent + PeerName.comment(n)));
    lines.add(setting(Key.PUBLIC_KEY, peer.publicKey().toString()));
    peer.presharedKey().ifPresent(k -> lines.add(setting(Key.PRESHARED_KEY, k.revealBase64())));
    if (!peer.allowedIps().isEmpty()) {
      String list =
          peer.allowedIps().stream().map(Prefix::toString).collect(Collectors.joining(", "));
      lines.add(setting(Key.ALLOWED_IPS, list));
    }
    peer.endpoint().ifPresent(e -> lines.add(setting(Key.ENDPOINT, e.toString())));
    peer.persistentKeepalive()
        .ifPresent(s -> lines.add(setting(Key.PERSISTENT_KEEPALIVE, Integer.toString(s))));
    return String.join(end, lines) + (finalEnd ? end : "");
  }

  /** One setting, without line end. */
  String setting(Key key, String value) {
    return keyIndent + key.text + equals + value;
  }

  private static String indent(String text) {
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
