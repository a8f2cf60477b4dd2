// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.check.HookStep.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads hooks that do what a tunnel's file can say by keys of our own. */
final class HookSteps {
  private static final Map<String, Boolean> IPTABLES =
      Map.of(
          "iptables", false,
          "iptables-nft", false,
          "iptables-legacy", false,
          "ip6tables", true,
          "ip6tables-nft", true,
          "ip6tables-legacy", true);

  private static final Set<String> FORWARDING =
      Set.of("net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding", "net.ipv6.conf.all.forwarding");

  private HookSteps() {}

  /**
   * What a hook does, in order.
   *
   * @param hook as written
   * @param tunnel its name
   * @param listenPort of the tunnel, 0 for any
   * @return empty if not all of it is understood
   */
  static Optional<List<HookStep>> of(String hook, String tunnel, int listenPort) {
    Optional<List<List<String>>> commands = ShellWords.of(hook.replace("%i", tunnel));
    if (commands.isEmpty()) {
      return Optional.empty();
    }
    List<HookStep> steps = new ArrayList<>();
    for (List<String> words : commands.get()) {
      Optional<List<HookStep>> step = steps(words, tunnel, listenPort);
      if (step.isEmpty()) {
        return Optional.empty();
      }
      steps.addAll(step.get());
    }
    return Optional.of(steps).filter(all -> !all.isEmpty());
  }

  /** Whether a hook may be about packet filters, understood or not. */
  static boolean mayFilter(String hook) {
    return hook.contains("tables") || hook.contains("nft") || hook.contains("ip_forward");
  }

  private static Optional<List<HookStep>> steps(List<String> words, String tunnel, int listenPort) {
    String program = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
    List<String> rest = words.subList(1, words.size());
    Boolean ipv6 = IPTABLES.get(program);
    if (ipv6 != null) {
      return Iptables.read(ipv6, rest, tunnel, listenPort).map(List::of);
    }
    return switch (program) {
      case "nft" -> Nft.read(rest, tunnel);
      case "sysctl" -> sysctl(rest).map(List::of);
      default -> Optional.empty();
    };
  }

  private static Optional<HookStep> sysctl(List<String> words) {
    List<String> settings = words.stream().filter(word -> !word.startsWith("-")).toList();
    boolean plain =
        words.stream()
            .filter(word -> word.startsWith("-"))
            .allMatch(
                word -> Set.of("-w", "-q", "-qw", "-wq", "--write", "--quiet").contains(word));
    if (!plain || settings.size() != 1) {
      return Optional.empty();
    }
    String[] parts = settings.getFirst().split("=", -1);
    boolean known =
        parts.length == 2
            && FORWARDING.contains(parts[0].replace('/', '.'))
            && Set.of("0", "1").contains(parts[1]);
    return known
        ? Optional.of(new HookStep(new Meaning.SwitchesOn(), parts[0], parts[1].equals("1")))
        : Optional.empty();
  }
}
