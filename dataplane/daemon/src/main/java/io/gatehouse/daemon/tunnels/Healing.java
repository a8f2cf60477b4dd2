// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.tunnels.Network.TunnelInterface;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what the machine has with what was set for a tunnel, puts back what somebody took away,
 * and says what it finds.
 *
 * <p>What an administrator does on purpose is respected: a link that is set down stays down, an MTU
 * stays as it was set, and an interface keeps the name or the namespace that it was given. Control
 * thread.
 */
final class Healing {
  private static final Logger LOG = System.getLogger(Healing.class.getName());

  /** How long it is still said that something was put back. */
  private static final long MEMORY = Duration.ofMinutes(10).toNanos();

  private final InterfaceName name;
  private final Network network;
  private final Truce truce = new Truce();
  private final Set<Object> spared = new HashSet<>();
  private List<Finding> found = List.of();
  private Optional<Finding> done = Optional.empty();
  private long doneAt;
  private boolean linkWasDown;

  Healing(InterfaceName name, Network network) {
    this.name = name;
    this.network = network;
  }

  /** What is to be said. */
  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(found);
    done.ifPresent(all::add);
    return all;
  }

  /** Begins anew with a new interface. */
  void reset() {
    spared.clear();
    found = List.of();
    done = Optional.empty();
    linkWasDown = false;
  }

  /** Somebody has looked after the tunnel: what could not be kept up is tried again. */
  void forgive() {
    truce.end();
    done = Optional.empty();
  }

  /** Asks whether what was undone may be done once more. */
  boolean allows(long now) {
    return truce.allows(now);
  }

  /** Accepts what is missing now, and what is new: the file's own PostUp did it. */
  void spare(TunnelInterface at, Setup setup) {
    try {
      Setup lack = lack(at, setup);
      spared.addAll(lack.addresses());
      spared.addAll(lack.routes());
      spared.addAll(lack.outside());
      spared.addAll(added(at, setup));
    } catch (LinuxException e) {
      LOG.log(Level.WARNING, name + ": what its PostUp did could not be seen", e);
    }
  }

  /**
   * Looks at the machine and puts back what is missing.
   *
   * @param setup what was set
   * @param mtu what was set, in octets
   * @param now of the monotonic clock, in nanoseconds
   */
  void heal(TunnelInterface at, Setup setup, int mtu, long now) {
    if (now - doneAt > MEMORY) {
      done = Optional.empty();
    }
    List<Finding> said = new ArrayList<>();
    try {
      heal(at, setup, mtu, now, said);
    } catch (LinuxException e) {
      said.add(TunnelFinding.NOT_PUT_BACK.of(name.fileName(), String.valueOf(e.getMessage())));
    }
    found = List.copyOf(said);
  }

  private void heal(TunnelInterface at, Setup setup, int mtu, long now, List<Finding> said)
      throws LinuxException {
    String file = name.fileName();
    Optional<String> here = at.nameHere();
    if (here.isEmpty()) {
      said.add(TunnelFinding.ELSEWHERE.of(file));
      return;
    }
    if (!here.get().equals(name.value())) {
      said.add(TunnelFinding.RENAMED.of(file, here.get()));
    }
    if (!at.isLinkUp()) {
      linkWasDown = true;
      said.add(TunnelFinding.LINK_DOWN.of(file, here.get()));
      return;
    }
    if (at.mtu() != mtu) {
      said.add(TunnelFinding.MTU_CHANGED.of(file, at.mtu(), mtu));
    }
    Setup lack = lack(at, setup);
    if (isEmpty(lack)) {
      linkWasDown = false;
      return;
    }
    String what = words(lack);
    if (!linkWasDown && !truce.allows(now)) {
      said.add(TunnelFinding.CONTESTED.of(file, what));
      return;
    }
    putBack(at, lack);
    if (linkWasDown) {
      LOG.log(Level.INFO, name + ": the link is up again, and so is what had gone with it");
    } else {
      done = Optional.of(TunnelFinding.PUT_BACK.of(file, what));
      doneAt = now;
    }
    linkWasDown = false;
  }

  /**
   * What is really there of what was set, and addresses that somebody has added.
   *
   * @param setup what was set
   */
  Setup actual(TunnelInterface at, Setup setup) throws LinuxException {
    if (at.nameHere().isEmpty() || !at.isLinkUp()) {
      return setup;
    }
    Setup lack = lack(at, setup);
    List<Prefix> addresses = new ArrayList<>(minus(setup.addresses(), lack.addresses()));
    addresses.addAll(added(at, setup));
    return new Setup(
        setup.fwMark(),
        addresses,
        minus(setup.routes(), lack.routes()),
        minus(setup.outside(), lack.outside()));
  }

  /** Addresses that are not from us, nor the link-local ones that the kernel makes. */
  private List<Prefix> added(TunnelInterface at, Setup setup) throws LinuxException {
    return at.presentAddresses().stream()
        .filter(a -> !a.address().isLinkLocalAddress())
        .filter(a -> !setup.addresses().contains(a) && !spared.contains(a))
        .toList();
  }

  private static <T> List<T> minus(List<T> from, List<T> without) {
    return from.stream().filter(item -> !without.contains(item)).toList();
  }

  /** What of a setup is not there. */
  private Setup lack(TunnelInterface at, Setup setup) throws LinuxException {
    Set<Prefix> addresses = at.presentAddresses();
    Set<TunnelRoute> routes = at.present(setup.routes());
    List<Outside> outside = new ArrayList<>();
    for (Outside thing : setup.outside()) {
      if (!spared.contains(thing) && !network.has(thing)) {
        outside.add(thing);
      }
    }
    return new Setup(
        setup.fwMark(),
        setup.addresses().stream()
            .filter(a -> !addresses.contains(a) && !spared.contains(a))
            .toList(),
        setup.routes().stream().filter(r -> !routes.contains(r) && !spared.contains(r)).toList(),
        outside);
  }

  private void putBack(TunnelInterface at, Setup lack) throws LinuxException {
    for (Prefix address : lack.addresses()) {
      at.addAddress(address);
    }
    for (TunnelRoute route : lack.routes()) {
      at.addRoute(route);
    }
    for (Outside thing : lack.outside()) {
      network.put(name, thing);
    }
  }

  private static boolean isEmpty(Setup setup) {
    return setup.addresses().isEmpty() && setup.routes().isEmpty() && setup.outside().isEmpty();
  }

  private static String words(Setup lack) {
    List<String> words = new ArrayList<>();
    lack.addresses().forEach(address -> words.add("address " + address));
    lack.routes().forEach(route -> words.add("route " + route.destination()));
    for (Outside thing : lack.outside()) {
      words.add(thing instanceof Outside.Rule rule ? rule.rule().toString() : thing.toString());
    }
    return String.join(", ", words);
  }
}
