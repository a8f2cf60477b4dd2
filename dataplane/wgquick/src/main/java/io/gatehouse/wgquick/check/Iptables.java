// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Masquerade;
import io.gatehouse.wgquick.PortForward;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.check.HookStep.Meaning;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the rules of iptables(8) and ip6tables(8) that hooks of tunnels usually set. */
final class Iptables {
  /** Options that take a word, by their one name here. */
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("-t", "table"),
          Map.entry("--table", "table"),
          Map.entry("-i", "in"),
          Map.entry("--in-interface", "in"),
          Map.entry("-o", "out"),
          Map.entry("--out-interface", "out"),
          Map.entry("-s", "source"),
          Map.entry("--source", "source"),
          Map.entry("--src", "source"),
          Map.entry("-d", "destination"),
          Map.entry("--destination", "destination"),
          Map.entry("--dst", "destination"),
          Map.entry("-p", "protocol"),
          Map.entry("--protocol", "protocol"),
          Map.entry("--dport", "port"),
          Map.entry("--destination-port", "port"),
          Map.entry("--state", "state"),
          Map.entry("--ctstate", "state"),
          Map.entry("--to-destination", "to"),
          Map.entry("-j", "target"),
          Map.entry("--jump", "target"));

  private static final Map<String, Boolean> VERBS =
      Map.of(
          "-A",
          true,
          "--append",
          true,
          "-I",
          true,
          "--insert",
          true,
          "-D",
          false,
          "--delete",
          false);

  /** Modules whose options are those above. */
  private static final Set<String> MODULES = Set.of("tcp", "udp", "state", "conntrack", "comment");

  private final boolean ipv6;
  private final String tunnel;
  private final int listenPort;
  private final Map<String, String> options = new TreeMap<>();
  private String chain = "";
  private boolean sets;

  private Iptables(boolean ipv6, String tunnel, int listenPort) {
    this.ipv6 = ipv6;
    this.tunnel = tunnel;
    this.listenPort = listenPort;
  }

  /**
   * What a command does.
   *
   * @param ipv6 whether it is ip6tables
   * @param words behind the command's name
   * @param tunnel its name
   * @param listenPort of the tunnel, 0 for any
   * @return empty if it is not understood in full
   */
  static Optional<HookStep> read(boolean ipv6, List<String> words, String tunnel, int listenPort) {
    Iptables rule = new Iptables(ipv6, tunnel, listenPort);
    try {
      if (!rule.take(words)) {
        return Optional.empty();
      }
      return rule.meaning()
          .map(
              meaning ->
                  new HookStep(
                      meaning, (ipv6 ? "6 " : "4 ") + rule.chain + " " + rule.options, rule.sets));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean take(List<String> words) {
    Deque<String> rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      String word = rest.remove();
      if (word.equals("-w") || word.equals("--wait")) {
        skipNumber(rest);
      } else if (rest.isEmpty() || !option(word, rest.remove(), rest)) {
        return false;
      }
    }
    return true;
  }

  private boolean option(String word, String value, Deque<String> rest) {
    Boolean verb = VERBS.get(word);
    if (verb != null) {
      boolean first = chain.isEmpty();
      chain = value;
      sets = verb;
      // Where a rule is inserted does not matter.
      skipNumber(rest);
      return first;
    }
    if (word.equals("-m") || word.equals("--match")) {
      return MODULES.contains(value);
    }
    String name = OPTIONS.get(word);
    return word.equals("--comment") || name != null && options.put(name, value) == null;
  }

  private static void skipNumber(Deque<String> words) {
    if (!words.isEmpty() && words.element().chars().allMatch(c -> c >= '0' && c <= '9')) {
      words.remove();
    }
  }

  private Optional<Meaning> meaning() {
    String table = options.getOrDefault("table", "filter");
    return switch (table + " " + chain + " " + options.getOrDefault("target", "")) {
      case "filter FORWARD ACCEPT" ->
          letsPass() ? Optional.of(new Meaning.LetsPass()) : Optional.empty();
      case "filter INPUT ACCEPT" ->
          hasOnly("protocol", "port")
                  && value("protocol").equals("udp")
                  && listenPort != 0
                  && value("port").equals(Integer.toString(listenPort))
              ? Optional.of(new Meaning.LetsIn())
              : Optional.empty();
      case "nat POSTROUTING MASQUERADE" -> hides();
      case "nat PREROUTING DNAT" -> sendsOn();
      default -> Optional.empty();
    };
  }

  /** Whatever narrows what peers may reach is meant as a rule for them, which it is not for us. */
  private boolean letsPass() {
    if (value("in").equals(tunnel)) {
      return hasOnly("in", "out", "state");
    }
    return value("out").equals(tunnel)
        && hasOnly("in", "out", "state", "destination", "protocol", "port");
  }

  private Optional<Meaning> hides() {
    if (!hasOnly("out", "source") || value("out").isEmpty() || value("out").equals(tunnel)) {
      return Optional.empty();
    }
    Prefix source =
        Prefix.parse(options.getOrDefault("source", ipv6 ? "::/0" : "0.0.0.0/0")).masked();
    return source.isIpv6() == ipv6
        ? Optional.of(
            new Meaning.Hides(new Masquerade(new InterfaceName(value("out")), Optional.of(source))))
        : Optional.empty();
  }

  private Optional<Meaning> sendsOn() {
    // Without a destination or way in it would catch what others send through this machine, too.
    if (!hasOnly("in", "destination", "protocol", "port", "to")
        || value("in").equals(tunnel)
        || value("in").isEmpty() && value("destination").isEmpty()) {
      return Optional.empty();
    }
    PortForward forward =
        PortForward.parse(
            value("protocol")
                + " "
                + (value("destination").isEmpty() ? "" : "[" + host(value("destination")) + "]:")
                + value("port").replace(':', '-')
                + " -> "
                + value("to"));
    return forward.isIpv6() == ipv6 ? Optional.of(new Meaning.SendsOn(forward)) : Optional.empty();
  }

  private static String host(String text) {
    Prefix prefix = Prefix.parse(text);
    if (prefix.length() != 8 * prefix.address().getAddress().length) {
      throw new IllegalArgumentException("not one address");
    }
    return IpLiteral.format(prefix.address());
  }

  private String value(String option) {
    return options.getOrDefault(option, "");
  }

  private boolean hasOnly(String... names) {
    Set<String> known = Set.of(names);
    return options.keySet().stream()
        .allMatch(name -> known.contains(name) || name.equals("table") || name.equals("target"));
  }
}
