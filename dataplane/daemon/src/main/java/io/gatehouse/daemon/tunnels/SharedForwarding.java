// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.tunnels.Outside.Forwards;
import io.gatehouse.daemon.tunnels.Outside.Incoming;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.ForwardingSwitch;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel's forwarding switches, which tunnels share: what one has switched on goes off with the
 * last tunnel that needs it. Who needs what stands in {@link Leftovers}, so a crash changes nothing
 * about that.
 */
final class SharedForwarding {
  private final Leftovers leftovers;

  SharedForwarding(Leftovers leftovers) {
    this.leftovers = leftovers;
  }

  /** See {@link Network#forwards}. */
  Optional<Forwards> needed(InterfaceName tunnel, boolean ipv6, Incoming by) throws LinuxException {
    if (by instanceof Incoming.Own) {
      return Optional.of(new Forwards(ipv6, by, List.of()));
    }
    List<Forwards> others = ofOthers(tunnel, ipv6);
    Optional<Forwards> same = others.stream().filter(each -> each.by().equals(by)).findFirst();
    if (same.isPresent()) {
      return same;
    }
    if (by instanceof Incoming.By(InterfaceName name)) {
      return isOnWithoutUs(tunnel, ipv6, name)
          ? Optional.empty()
          : Optional.of(new Forwards(ipv6, by, List.of()));
    }
    ForwardingSwitch all = ForwardingSwitch.ofAll(ipv6, switchedOn(tunnel, ipv6));
    return all.isOn() ? Optional.empty() : Optional.of(new Forwards(ipv6, by, all.before()));
  }

  /** One that is on only because a tunnel has switched on all must outlive that. */
  private boolean isOnWithoutUs(InterfaceName tunnel, boolean ipv6, InterfaceName name)
      throws LinuxException {
    List<Forwards> all = new ArrayList<>(ofOthers(tunnel, ipv6));
    all.addAll(of(tunnel, ipv6));
    all.removeIf(each -> !(each.by() instanceof Incoming.Any));
    return all.isEmpty()
        ? ForwardingSwitch.of(ipv6, name).isOn()
        : all.stream()
            .flatMap(each -> each.before().stream())
            .anyMatch(saved -> saved.isSwitchOf(name));
  }

  void on(InterfaceName tunnel, Forwards forwards) throws LinuxException {
    of(tunnel, forwards).on();
  }

  void off(InterfaceName tunnel, Forwards forwards) throws LinuxException {
    List<Forwards> others = ofOthers(tunnel, forwards.ipv6());
    if (!(forwards.by() instanceof Incoming.Own)
        && others.stream().anyMatch(each -> each.by().equals(forwards.by()))) {
      return;
    }
    of(tunnel, forwards).off();
    if (forwards.by() instanceof Incoming.Any) {
      // With all, the kernel has switched off the others, too.
      for (InterfaceName each : names()) {
        for (Forwards needed : of(each, forwards.ipv6())) {
          ForwardingSwitch one = of(each, needed);
          if (!one.isForAll() && one.exists()) {
            one.on();
          }
        }
      }
    }
  }

  private static ForwardingSwitch of(InterfaceName tunnel, Forwards forwards) {
    return switch (forwards.by()) {
      case Incoming.Own _ -> ForwardingSwitch.of(forwards.ipv6(), tunnel);
      case Incoming.By(InterfaceName name) -> ForwardingSwitch.of(forwards.ipv6(), name);
      case Incoming.Any _ ->
          new ForwardingSwitch(forwards.ipv6(), ForwardingSwitch.ALL, forwards.before());
    };
  }

  /** The interfaces whose switches are on for tunnels' sake. */
  private Set<String> switchedOn(InterfaceName tunnel, boolean ipv6) throws LinuxException {
    Set<String> on = new LinkedHashSet<>();
    on.add(tunnel.value());
    for (InterfaceName each : names()) {
      of(each, ipv6).forEach(forwards -> on.add(of(each, forwards).scope()));
    }
    return on;
  }

  private List<Forwards> ofOthers(InterfaceName tunnel, boolean ipv6) throws LinuxException {
    try {
      return forwards(leftovers.ofOthers(tunnel), ipv6);
    } catch (IOException e) {
      throw unread(e);
    }
  }

  private List<Forwards> of(InterfaceName tunnel, boolean ipv6) throws LinuxException {
    try {
      return forwards(leftovers.of(tunnel), ipv6);
    } catch (IOException e) {
      throw unread(e);
    }
  }

  private List<InterfaceName> names() throws LinuxException {
    try {
      return leftovers.names();
    } catch (IOException e) {
      throw unread(e);
    }
  }

  private static List<Forwards> forwards(List<Outside> outside, boolean ipv6) {
    return outside.stream()
        .filter(Forwards.class::isInstance)
        .map(Forwards.class::cast)
        .filter(each -> each.ipv6() == ipv6)
        .toList();
  }

  private static LinuxException unread(IOException e) {
    return new LinuxException(Errno.EIO, "cannot read which tunnels need forwarding", e.toString());
  }
}
