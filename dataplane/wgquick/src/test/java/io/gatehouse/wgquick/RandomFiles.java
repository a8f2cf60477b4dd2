// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Files that people, programs and accidents might write: mostly right, in every spelling, with one
 * thing wrong here and there.
 */
final class RandomFiles {
  private static final List<String> KEYS =
      List.of(
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=",
          "fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=",
          "gbY32PzSxtpjWeaWMROhFw3nleS3JbhNHgtM/Z7FjOk=",
          "TCbZB0wn2J7eWScMCsFLceBxsVI5UZ91R0svO6Y0gfU=",
          "Hp5tUPmOa9Z4fP7zXrTSdrFQxFHkXBgZzLJGkVCSKVQ=");
  private static final List<String> BAD_KEYS =
      List.of(
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEF=",
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE",
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE==",
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-E=",
          "",
          "K");
  private static final List<String> PORTS =
      List.of("0", "1", "51820", "65535", "00007", "+9", "5 1 8 2 0", "domain", "ntp");
  private static final List<String> BAD_PORTS =
      List.of("", "65536", "99999", "-1", "0x10", "http", "7x", "no-such-service", "1.5");
  private static final List<String> MARKS =
      List.of("off", "OFF", "0", "0xca6c", "4294967295", "0xFFFFFFFF", "010", "0x0000000001");
  private static final List<String> BAD_MARKS =
      List.of("", "on", "-1", "0x", "4294967296", "0x1ffffffff", "0X1", "ca6c", "0x+1");
  private static final List<String> SECONDS = List.of("off", "Off", "0", "25", "65535", "0025");
  private static final List<String> BAD_SECONDS = List.of("", "65536", "25s", "+1", "on", "0x1");
  private static final List<String> PREFIXES =
      List.of(
          "10.0.0.1/32",
          "10.0.0.0/8",
          "10.9.8.7/9",
          "0.0.0.0/0",
          "192.0.2.1",
          "192.0.2.1/032",
          "::/0",
          "fd00::1/64",
          "FD00::1",
          "::ffff:1.2.3.4/128",
          "::1.2.3.4/127",
          "1:2:3:4:5:6:7::/100",
          "2001:db8::/32");
  private static final List<String> BAD_PREFIXES =
      List.of(
          "10.0.0/24",
          "10.0.0.0/33",
          "10.0.0.0/",
          "10.0.0.0/-1",
          "10.0.0.0/8/8",
          "010.0.0.0/8",
          "fd00:::/64",
          "fd00::/129",
          "::/00x",
          "fe80::1%lo/64",
          "00001::/64",
          "1:2:3:4:5:6:7:8::",
          "+10.0.0.0/8",
          "-10.0.0.0/8",
          "localhost/32",
          "");
  private static final List<String> ENDPOINTS =
      List.of(
          "192.0.2.1:51820",
          "[2001:db8::1]:51820",
          "2001:db8::1:51820",
          "[192.0.2.1]:7",
          "localhost:1",
          "LocalHost:65535",
          "[fe80::1%lo]:5",
          "[::ffff:192.0.2.1]:5",
          "192.0.2.1:domain",
          "192.0.2.1:+5");
  private static final List<String> BAD_ENDPOINTS =
      List.of(
          "",
          "192.0.2.1",
          "192.0.2.1:",
          ":51820",
          "[2001:db8::1]51820",
          "[2001:db8::1",
          "192.0.2.1:99999",
          "192.0.2.1:0",
          "127.1:5",
          "0x7f.1:5",
          "300.0.0.1:5",
          "[::1%lo]:5",
          "[[::1]:5",
          "[::00001]:5");

  private final Random random;

  RandomFiles(long seed) {
    random = new Random(seed);
  }

  byte[] next() {
    return random.nextInt(3) == 0 ? mutated() : written();
  }

  private byte[] written() {
    StringBuilder text = new StringBuilder();
    String end = random.nextInt(6) == 0 ? "\r\n" : "\n";
    for (String line : lines()) {
      text.append(line).append(end);
    }
    if (random.nextInt(6) == 0 && !text.isEmpty()) {
      text.setLength(text.length() - end.length());
    }
    return ((random.nextInt(60) == 0 ? "\u00ef\u00bb\u00bf" : "") + text).getBytes(ISO_8859_1);
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    header(lines, "[Interface]");
    for (int i = random.nextInt(6); i > 0; i--) {
      lines.add(interfaceLine());
    }
    for (int peers = random.nextInt(4); peers > 0; peers--) {
      int start = lines.size();
      if (random.nextInt(4) == 0) {
        lines.add("");
      }
      if (random.nextInt(4) == 0) {
        lines.add(comments());
      }
      int first = lines.size() - random.nextInt(lines.size() - start + 1);
      header(lines, "[Peer]");
      if (random.nextInt(3) == 0) {
        lines.add(comments());
      }
      if (random.nextInt(40) != 0) {
        lines.add(setting("PublicKey", oneOf(KEYS.subList(1, KEYS.size()), BAD_KEYS)));
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        lines.add(peerLine());
      }
      if (random.nextInt(6) == 0) {
        String mark =
            List.of("#[disabled] ", "#-", "#[disabled]", " #[disabled] ").get(random.nextInt(4));
        for (int i = first; i < lines.size(); i++) {
          lines.set(i, mark + lines.get(i));
        }
      }
      if (random.nextInt(12) == 0) {
        header(lines, "[Interface]");
        lines.add(interfaceLine());
      }
    }
    return lines;
  }

  private void header(List<String> lines, String header) {
    if (random.nextInt(30) == 0) {
      lines.add(oneOf(List.of("[ Interface ]", "[Inter face]", "[ peer]"), List.of("[Pear]", "[")));
    } else if (random.nextInt(40) != 0) {
      lines.add(spelt(header) + comment());
    }
  }

  private String interfaceLine() {
    return switch (random.nextInt(12)) {
      case 0, 1 -> setting("PrivateKey", oneOf(KEYS, BAD_KEYS));
      case 2, 3 -> setting("ListenPort", oneOf(PORTS, BAD_PORTS));
      case 4 -> setting("FwMark", oneOf(MARKS, BAD_MARKS));
      case 5 -> setting("Address", oneOf(List.of("10.0.0.1/24", "fd00::1/64", ""), List.of("x")));
      case 6 -> setting("DNS", oneOf(List.of("192.0.2.53, corp.example", ""), List.of("x")));
      case 7 -> setting("MTU", oneOf(List.of("1420", "0x578", ""), List.of("1", "x")));
      case 8 -> setting("Table", oneOf(List.of("auto", "off", "7", "main"), List.of("nowhere")));
      case 9 -> setting("SaveConfig", oneOf(List.of("true", "FALSE"), List.of("", "yes")));
      case 10 -> setting("PostUp", oneOf(List.of("echo %i", "echo '#'; echo = "), List.of("")));
      default -> odd();
    };
  }

  private String peerLine() {
    return switch (random.nextInt(9)) {
      case 0 -> setting("PresharedKey", oneOf(KEYS, BAD_KEYS));
      case 1, 2, 3 -> {
        StringBuilder list = new StringBuilder(oneOf(PREFIXES, BAD_PREFIXES));
        for (int i = random.nextInt(3); i > 0; i--) {
          list.append(oneOf(List.of(",", ", ", " ,\t"), List.of(" ", ",,")));
          list.append(oneOf(PREFIXES, BAD_PREFIXES));
        }
        yield setting("AllowedIPs", list.toString());
      }
      case 4, 5 -> setting("Endpoint", oneOf(ENDPOINTS, BAD_ENDPOINTS));
      case 6, 7 -> setting("PersistentKeepalive", oneOf(SECONDS, BAD_SECONDS));
      default -> odd();
    };
  }

  /** What tools and people write around and into sections. */
  private String comments() {
    return oneOf(
        List.of(
            "# friendly_name = x y",
            "#friendly_name=z",
            "# Alice",
            "### begin x ###",
            "### end x ###",
            "#+Name = w",
            "#-PersistentKeepalive = 7",
            "#[disabled] AllowedIPs = 10.0.0.1/32",
            "# gatehouse.note = n # m",
            "#gatehouse.tags=a,b",
            "# gatehouse.quota = 1 GB/week",
            "  # Gatehouse.Expires = 2030-01-01T00:00:00+01:00",
            "# gatehouse.later = x"),
        List.of("# gatehouse.expires = never", "# gatehouse.quota = much"));
  }

  /** Lines that are no settings, or settings in the wrong place. */
  private String odd() {
    return oneOf(
        List.of("", " \t", "# PostUp = x", "#", "\u000b", "\0", "## [Peer]"),
        List.of(
            "; comment",
            "// comment",
            "MTU",
            "PostUp",
            "ListenPort",
            "Foo = 1",
            "=",
            "Post Up = x",
            "PublicKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=",
            "ListenPort = 7",
            "Address = 10.0.0.1/24"));
  }

  private String setting(String key, String value) {
    String name = spelt(key);
    if (random.nextInt(40) == 0) {
      String odd = oneOf(List.of(" ", "\t", "\0"), List.of("x"));
      name = new StringBuilder(name).insert(1 + random.nextInt(2), odd).toString();
    }
    String blanks = random.nextInt(3) == 0 ? "" : " ";
    return blank() + name + blanks + "=" + blanks + value + blank() + comment();
  }

  private String spelt(String word) {
    return switch (random.nextInt(6)) {
      case 0 -> word.toLowerCase(Locale.ROOT);
      case 1 -> word.toUpperCase(Locale.ROOT);
      default -> word;
    };
  }

  private String blank() {
    return random.nextInt(8) == 0
        ? List.of(" ", "\t", "\u000b", "\f", "  ").get(random.nextInt(5))
        : "";
  }

  private String comment() {
    return random.nextInt(10) == 0
        ? List.of("# x", " #", "#=#[Peer]", " # \u00e4\u00ff\0").get(random.nextInt(4))
        : "";
  }

  /** One of the good ones, seldom one of the bad ones. */
  private String oneOf(List<String> good, List<String> bad) {
    List<String> from = random.nextInt(25) == 0 ? bad : good;
    return from.get(random.nextInt(from.size()));
  }

  private byte[] mutated() {
    List<String> names = Dialects.names();
    byte[] bytes = Dialects.bytes(names.get(random.nextInt(names.size()))).clone();
    for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] =
          (byte) "\r\n#=[], \0\tzA9/.:%\u00e4\u00ff".charAt(random.nextInt(19));
    }
    return bytes;
  }
}
