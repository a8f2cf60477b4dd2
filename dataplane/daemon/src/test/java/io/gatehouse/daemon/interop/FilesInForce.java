// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a machine must look like when the files of {@link RestlessFile} are in force, and what one
 * looks like, as the stock tools tell it: in the same lines, so that both can be compared.
 */
final class FilesInForce {
  private static final Pattern PART = Pattern.compile("(?m)^== (.*)\n((?:(?!== ).*\n?)*)");
  private static final Pattern INTERFACE_ADDRESS =
      Pattern.compile("[0-9]+: (\\S+)\\s+inet6? (\\S+) .*scope (global|link).*");
  private static final Pattern OUR_ROUTE =
      Pattern.compile("(default|(?:10\\.|fd00:)\\S+) dev (tun[0-9]+) .*");
  private static final Pattern LINK = Pattern.compile("[0-9]+: ([^:@]+)[:@].*");

  /** Asks a machine; the output is for {@link #found}. */
  static final String SCRIPT =
      """
      exec 2>&1
      echo '== wg'; wg show all dump
      echo '== link'; ip -o link
      echo '== address'; ip -o address
      echo '== route'; ip -o -4 route show table all; ip -o -6 route show table all
      echo '== rule'; ip -4 rule; ip -6 rule
      echo '== nft'; nft list tables
      echo '== forwarding'
      cat /proc/sys/net/ipv4/conf/all/forwarding /proc/sys/net/ipv4/conf/eth0/forwarding
      cat /proc/sys/net/ipv6/conf/all/forwarding
      """;

  private FilesInForce() {}

  /**
   * What must be there.
   *
   * @param files texts by file name
   * @param tunnels whose files may be in force, by name
   */
  static Set<String> expected(Map<String, String> files, Collection<RestlessFile> tunnels) {
    Set<String> lines = new TreeSet<>(Set.of("link lo", "link eth0"));
    boolean forwards = false;
    for (RestlessFile tunnel : tunnels) {
      String text = files.get(tunnel.fileName());
      if (text != null) {
        forwards |= text.contains("masquerade");
        expected(lines, tunnel.name(), text);
      }
    }
    lines.add("forwarding " + (forwards ? "0 1 1" : "0 0 0"));
    return lines;
  }

  private static void expected(Set<String> lines, String name, String text) {
    lines.add("link " + name);
    List<List<String>> sections = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.startsWith("[")) {
        sections.add(new ArrayList<>());
      } else if (!sections.isEmpty()) {
        sections.getLast().add(line);
      }
    }
    boolean expires = false;
    for (List<String> section : sections) {
      Map<String, String> values = new TreeMap<>();
      for (String line : section) {
        Matcher value = Pattern.compile("(\\w+) ?= ?(.*)").matcher(line);
        if (line.startsWith("# gatehouse.expires = 2020")) {
          expires = true;
        } else if (line.startsWith("# gatehouse.masquerade")) {
          lines.add("nft table inet gatehouse-" + name);
        } else if (value.matches()) {
          values.put(value.group(1).toLowerCase(Locale.ROOT), value.group(2));
        }
      }
      if (values.containsKey("privatekey")) {
        lines.add(
            "wg %s %s %s".formatted(name, values.get("privatekey"), values.get("listenport")));
        for (String address : values.get("address").split(", ", -1)) {
          lines.add("address " + name + " " + address);
        }
        if (values.containsKey("dns")) {
          lines.add("dns " + name);
        }
      } else if (!expires) {
        expectedPeer(lines, name, values);
      }
      expires = false;
    }
  }

  private static void expectedPeer(Set<String> lines, String name, Map<String, String> values) {
    Set<String> ips = new TreeSet<>(List.of(values.get("allowedips").split(", *", -1)));
    String keepalive = values.getOrDefault("persistentkeepalive", "0");
    lines.add(
        "peer %s %s %s %s %s"
            .formatted(
                name,
                values.get("publickey"),
                values.getOrDefault("presharedkey", "(none)"),
                ips,
                keepalive.equals("0") ? "off" : keepalive));
    for (String ip : ips) {
      if (ip.endsWith("/0")) {
        lines.add("route " + name + (ip.startsWith("0") ? " default4" : " default6"));
        lines.add("nft table " + (ip.startsWith("0") ? "ip" : "ip6") + " wg-quick-" + name);
        lines.add("rules " + (ip.startsWith("0") ? "4" : "6"));
      } else {
        lines.add("route " + name + " " + ip);
      }
    }
  }

  /**
   * What is there.
   *
   * @param output of {@link #SCRIPT}
   * @param records of openresolv
   */
  static Set<String> found(String output, Set<String> records) {
    Set<String> lines = new TreeSet<>();
    records.forEach(record -> lines.add("dns " + record));
    Matcher parts = PART.matcher(output);
    while (parts.find()) {
      List<String> body = parts.group(2).lines().toList();
      switch (parts.group(1)) {
        case "wg" -> body.forEach(line -> lines.add(wg(line)));
        case "link" -> body.forEach(line -> lines.add("link " + first(LINK, line)));
        case "address" ->
            body.stream()
                .map(INTERFACE_ADDRESS::matcher)
                .filter(Matcher::matches)
                .filter(found -> found.group(1).startsWith("tun"))
                .filter(found -> !found.group(2).startsWith("fe80"))
                .forEach(found -> lines.add("address " + found.group(1) + " " + found.group(2)));
        case "route" -> routes(lines, body);
        case "rule" -> rules(lines, body);
        case "nft" -> body.forEach(line -> lines.add("nft " + line));
        case "forwarding" -> lines.add("forwarding " + String.join(" ", body));
        default -> throw new AssertionError(parts.group(1));
      }
    }
    return lines;
  }

  /** Without those that come with an address. */
  private static void routes(Set<String> lines, List<String> body) {
    boolean ipv6 = false;
    for (String line : body) {
      ipv6 |= line.contains("fe80::") || line.contains("::1 ") || line.contains("pref medium");
      Matcher route = OUR_ROUTE.matcher(line);
      if (route.matches() && !line.contains("proto kernel")) {
        lines.add(
            "route %s %s"
                .formatted(
                    route.group(2),
                    route.group(1).equals("default")
                        ? "default" + (ipv6 ? "6" : "4")
                        : route.group(1)));
      }
    }
  }

  /** Those of policy routing come in pairs, one pair for each family. */
  private static void rules(Set<String> lines, List<String> body) {
    List<String> others =
        body.stream()
            .filter(
                line -> !line.matches("(0|32766|32767):\tfrom all lookup (local|main|default) *"))
            .toList();
    long marked = others.stream().filter(line -> line.contains("not from all fwmark")).count();
    long suppressing = others.stream().filter(line -> line.contains("suppress_prefix")).count();
    if (marked != suppressing || marked + suppressing != others.size()) {
      lines.add("strange rules " + others);
    }
    // The list of IPv4 comes first.
    if (marked >= 1) {
      lines.add("rules 4");
    }
    if (marked == 2) {
      lines.add("rules 6");
    }
    if (marked > 2) {
      lines.add("too many rules " + others);
    }
  }

  private static String wg(String line) {
    String[] words = line.split("\t", -1);
    if (words.length == 5) {
      return "wg %s %s %s".formatted(words[0], words[1], words[3]);
    }
    if (words.length == 9) {
      return "peer %s %s %s %s %s"
          .formatted(
              words[0],
              words[1],
              words[2],
              new TreeSet<>(List.of(words[4].split(",", -1))),
              words[8]);
    }
    return "strange: " + line;
  }

  private static String first(Pattern pattern, String line) {
    Matcher found = pattern.matcher(line);
    return found.matches() ? found.group(1) : "strange: " + line;
  }
}
