// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Forwarding;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.Masquerade;
import io.gatehouse.wgquick.OwnKey;
import io.gatehouse.wgquick.PortForward;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.check.HookStep.Meaning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hooks that do what the file can say by keys of our own: masquerade, port forwards and forwarding.
 */
final class ReplaceableHooks implements Check {
  /** A hook of which every command is understood. */
  private record Understood(Key key, String hook, List<HookStep> steps) {}

  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    tunnels.forEach(tunnel -> look(tunnel, report));
  }

  private static void look(Tunnel tunnel, Report report) {
    TunnelConfig config = tunnel.config;
    List<Understood> up =
        Stream.concat(
                understood(tunnel, Key.PRE_UP, config.preUp()),
                understood(tunnel, Key.POST_UP, config.postUp()))
            .filter(hook -> hook.steps.stream().allMatch(HookStep::sets))
            .filter(hook -> !hook.steps.stream().allMatch(ReplaceableHooks::letsIn))
            .toList();
    Set<String> rules = new HashSet<>();
    up.forEach(hook -> hook.steps.forEach(step -> rules.add(step.rule())));
    List<Understood> down =
        Stream.concat(
                understood(tunnel, Key.PRE_DOWN, config.preDown()),
                understood(tunnel, Key.POST_DOWN, config.postDown()))
            .filter(
                hook ->
                    hook.steps.stream()
                        .allMatch(step -> !step.sets() && rules.contains(step.rule())))
            .toList();
    List<FileEdit> said = said(config, up);
    // Who takes back what nobody has set, fails.
    boolean takenBack =
        Stream.concat(config.preDown().stream(), config.postDown().stream())
            .filter(HookSteps::mayFilter)
            .filter(hook -> !onlyLetsIn(tunnel, hook))
            .allMatch(hook -> down.stream().anyMatch(known -> known.hook.equals(hook)));
    // A table of nft may be shared by hooks, and goes as a whole.
    boolean shared =
        up.stream().anyMatch(hook -> hook.hook.contains("nft"))
            && Stream.concat(config.preUp().stream(), config.postUp().stream())
                .filter(hook -> hook.contains("nft"))
                .anyMatch(hook -> up.stream().noneMatch(known -> known.hook.equals(hook)));
    if (said.isEmpty() || !takenBack || shared) {
      return;
    }
    List<Understood> all = Stream.concat(up.stream(), down.stream()).toList();
    List<FileEdit> fix = new ArrayList<>(said);
    all.forEach(hook -> fix.add(new FileEdit.Remove(FileEdit.INTERFACE, hook.key, hook.hook)));
    report.add(
        tunnel,
        FindingCode.HOOK_REPLACEABLE,
        () ->
            FindingCode.HOOK_REPLACEABLE
                .at(
                    tunnel.file.fileName(),
                    tunnel.line(all.getFirst().key, all.getFirst().hook),
                    all.stream()
                        .map(hook -> hook.key.text())
                        .distinct()
                        .collect(Collectors.joining(", ")),
                    said.stream()
                        .map(edit -> ((FileEdit.SetOwn) edit).key().toString())
                        .collect(Collectors.joining(", ")))
                .withFix(fix.toArray(FileEdit[]::new)));
  }

  private static boolean letsIn(HookStep step) {
    return step.meaning() instanceof Meaning.LetsIn;
  }

  /** Such a hook stays, and so does the one that takes it back. */
  private static boolean onlyLetsIn(Tunnel tunnel, String hook) {
    return HookSteps.of(hook, tunnel.name, tunnel.config.listenPort().orElse(0))
        .filter(steps -> steps.stream().allMatch(ReplaceableHooks::letsIn))
        .isPresent();
  }

  private static Stream<Understood> understood(Tunnel tunnel, Key key, List<String> hooks) {
    int port = tunnel.config.listenPort().orElse(0);
    return hooks.stream()
        .flatMap(
            hook ->
                HookSteps.of(hook, tunnel.name, port).stream()
                    .map(steps -> new Understood(key, hook, steps)));
  }

  /** What the file says in place of hooks, beside what it says already; empty for nothing. */
  private static List<FileEdit> said(TunnelConfig config, List<Understood> up) {
    List<Meaning> meanings =
        up.stream().flatMap(hook -> hook.steps.stream()).map(HookStep::meaning).toList();
    Set<Masquerade> hides =
        new LinkedHashSet<>(config.own().get(OwnKey.MASQUERADE).orElse(List.of()));
    Set<PortForward> sendsOn =
        new LinkedHashSet<>(config.own().get(OwnKey.PORT_FORWARD).orElse(List.of()));
    for (Meaning meaning : meanings) {
      if (meaning instanceof Meaning.Hides(Masquerade masquerade)) {
        hides.add(masquerade);
      }
      if (meaning instanceof Meaning.SendsOn(PortForward forward)) {
        sendsOn.add(forward);
      }
    }
    List<FileEdit> edits = new ArrayList<>();
    boolean passes =
        meanings.contains(new Meaning.LetsPass()) && hides.isEmpty() && sendsOn.isEmpty();
    if (passes || meanings.contains(new Meaning.SwitchesOn())) {
      Forwarding on = Forwarding.parse("on");
      edits.add(set(OwnKey.FORWARDING, List.of(on)));
    }
    if (meanings.stream().anyMatch(Meaning.Hides.class::isInstance)) {
      edits.add(set(OwnKey.MASQUERADE, shortest(config, hides)));
    }
    if (meanings.stream().anyMatch(Meaning.SendsOn.class::isInstance)) {
      edits.add(set(OwnKey.PORT_FORWARD, List.copyOf(sendsOn)));
    }
    return edits;
  }

  private static FileEdit set(OwnKey<?> key, List<?> values) {
    return new FileEdit.SetOwn(
        FileEdit.INTERFACE, key, values.stream().map(Object::toString).toList());
  }

  /** All sources of both families, or of the only one that the tunnel carries, need not be said. */
  private static List<Masquerade> shortest(TunnelConfig config, Set<Masquerade> hides) {
    Set<Masquerade> shorter = new LinkedHashSet<>();
    for (Masquerade each : hides) {
      Masquerade all = new Masquerade(each.out(), Optional.empty());
      boolean wide = each.source().map(source -> source.length() == 0).orElse(false);
      boolean covers =
          wide
              && families(config)
                  .allMatch(any -> hides.contains(new Masquerade(each.out(), Optional.of(any))));
      shorter.add(covers ? all : each);
    }
    return List.copyOf(shorter);
  }

  private static Stream<Prefix> families(TunnelConfig config) {
    return Stream.concat(
            config.addresses().stream(),
            config.peers().stream().flatMap(peer -> peer.allowedIps().stream()))
        .map(prefix -> Prefix.parse(prefix.isIpv6() ? "::/0" : "0.0.0.0/0"))
        .distinct();
  }
}
