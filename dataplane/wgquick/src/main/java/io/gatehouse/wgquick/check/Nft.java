// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Masquerade;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.check.HookStep.Meaning;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the commands of nft(8) that hooks of tunnels usually give. */
final class Nft {
  /** Commands are parted by semicolons that are in no braces. */
  private static final Pattern COMMAND = Pattern.compile("(?:[^;{]|\\{[^}]*\\})+");

  private static final Pattern TABLE =
      Pattern.compile("(add|create|delete|destroy) table (?:(ip|ip6|inet) )?(\\S+)");

  private static final Pattern CHAIN =
      Pattern.compile(
          "(?:add|create) chain (?:(ip|ip6|inet) )?(\\S+) (\\S+) ?\\{ ?type"
              + " (?:nat hook (?:postrouting|prerouting)|filter hook forward)"
              + " priority [a-z0-9 +-]+;(?: ?policy accept ?;)? ?\\}");

  private static final Pattern RULE =
      Pattern.compile("(?:add|insert) rule (?:(ip|ip6|inet) )?(\\S+) (\\S+) (.+)");

  private Nft() {}

  /**
   * What a command line does.
   *
   * @param words behind nft
   * @param tunnel its name
   * @return empty if it is not understood in full
   */
  static Optional<List<HookStep>> read(List<String> words, String tunnel) {
    List<HookStep> steps = new ArrayList<>();
    Matcher commands = COMMAND.matcher(String.join(" ", words));
    while (commands.find()) {
      String command = commands.group().strip().replaceAll("[ \t]+", " ");
      if (command.isEmpty()) {
        continue;
      }
      Optional<HookStep> step = step(command, tunnel);
      if (step.isEmpty()) {
        return Optional.empty();
      }
      steps.add(step.get());
    }
    return Optional.of(steps).filter(all -> !all.isEmpty());
  }

  private static Optional<HookStep> step(String command, String tunnel) {
    Matcher table = TABLE.matcher(command);
    if (table.matches()) {
      boolean sets = Set.of("add", "create").contains(table.group(1));
      return Optional.of(
          new HookStep(
              new Meaning.Prepares(), "table " + family(table) + " " + table.group(3), sets));
    }
    if (CHAIN.matcher(command).matches()) {
      return Optional.of(new HookStep(new Meaning.Prepares(), command, true));
    }
    Matcher rule = RULE.matcher(command);
    if (!rule.matches()) {
      return Optional.empty();
    }
    try {
      Deque<String> rest = new ArrayDeque<>(List.of(rule.group(4).split(" ", -1)));
      return meaning(family(rule), rule.group(3), rest, tunnel)
          .map(meaning -> new HookStep(meaning, command, true));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The words of a command name the family first; IPv4 if it is left out. */
  private static String family(Matcher matcher) {
    String family = matcher.group(matcher.pattern() == TABLE ? 2 : 1);
    return family == null ? "ip" : family;
  }

  private static Optional<Meaning> meaning(
      String family, String chain, Deque<String> words, String tunnel) {
    Map<String, String> matches = new TreeMap<>();
    String verdict = "";
    while (!words.isEmpty()) {
      String word = words.remove();
      switch (word) {
        case "counter" -> {}
        case "masquerade", "accept" -> {
          if (!words.isEmpty()) {
            return Optional.empty();
          }
          verdict = word;
        }
        case "iifname", "oifname", "iif", "oif" -> {
          String name = words.isEmpty() ? "" : words.remove().replace("\"", "");
          if (matches.put(word.replace("name", ""), name) != null) {
            return Optional.empty();
          }
        }
        case "ip", "ip6", "ct" -> {
          String field = words.isEmpty() ? "" : words.remove();
          String value = words.isEmpty() ? "" : words.remove();
          boolean known = field.equals(word.equals("ct") ? "state" : "saddr");
          if (!known || matches.put(word.equals("ct") ? "state" : "source", value) != null) {
            return Optional.empty();
          }
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return verdict.equals("accept")
        ? letsPass(chain, matches, tunnel)
        : verdict.equals("masquerade") ? hides(family, matches, tunnel) : Optional.empty();
  }

  private static Optional<Meaning> letsPass(
      String chain, Map<String, String> matches, String tunnel) {
    return chain.equalsIgnoreCase("forward")
            && (tunnel.equals(matches.get("iif")) || tunnel.equals(matches.get("oif")))
            && !matches.containsKey("source")
        ? Optional.of(new Meaning.LetsPass())
        : Optional.empty();
  }

  private static Optional<Meaning> hides(
      String family, Map<String, String> matches, String tunnel) {
    String in = matches.getOrDefault("iif", tunnel);
    String out = matches.getOrDefault("oif", "");
    if (!in.equals(tunnel) || out.isEmpty() || out.equals(tunnel) || matches.containsKey("state")) {
      return Optional.empty();
    }
    String any =
        switch (family) {
          case "ip" -> "0.0.0.0/0";
          case "ip6" -> "::/0";
          default -> "";
        };
    String source = matches.getOrDefault("source", any);
    return Optional.of(
        new Meaning.Hides(
            new Masquerade(
                new InterfaceName(out),
                source.isEmpty() ? Optional.empty() : Optional.of(Prefix.parse(source).masked()))));
  }
}
