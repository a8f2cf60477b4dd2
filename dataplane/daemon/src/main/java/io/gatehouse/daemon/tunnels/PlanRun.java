// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.tunnels.Network.TunnelInterface;
import io.gatehouse.daemon.tunnels.Plan.OutsideChange;
import io.gatehouse.linux.GatewayTable;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Carries out a plan: all of it, or nothing. An empty one calls nothing.
 *
 * <p>Each step can be undone, except that of the device, which takes its change whole or not at
 * all; so the device comes last. What is added comes before what is removed. A new tunnel gets its
 * device first, as wg-quick(8) does it, so that its socket opens on the right port; if it fails
 * later, the whole interface goes. Only rules for peers that go must stay until they are gone
 * ({@link GatewayHandover}): where those cannot be taken away then, they stay for now.
 */
final class PlanRun {
  private static final Logger LOG = System.getLogger(PlanRun.class.getName());

  private interface Step {
    void run() throws LinuxException;
  }

  /**
   * A step back.
   *
   * @param ifStuck what the setup really is if it cannot be made; an address or a route that is
   *     missing then counts as taken away by somebody, and {@link Healing} puts it back
   */
  private record Undo(Step step, UnaryOperator<Setup> ifStuck) {}

  private final InterfaceName name;
  private final Network network;
  private final TunnelInterface at;
  private final Plan plan;
  private final Deque<Undo> undo = new ArrayDeque<>();
  private boolean noted;

  private PlanRun(InterfaceName name, Network network, TunnelInterface at, Plan plan) {
    this.name = name;
    this.network = network;
    this.at = at;
    this.plan = plan;
  }

  /**
   * Runs a plan.
   *
   * @return what is set in place of what the plan wants, because it could not be replaced
   * @throws LinuxException if the system refuses a step; everything is as before then, but a fresh
   *     interface is the caller's to close
   * @throws NotUndoneException if the system has then refused a step back as well
   */
  static Optional<Outside> run(InterfaceName name, Network network, TunnelInterface at, Plan plan)
      throws LinuxException, NotUndoneException {
    PlanRun run = new PlanRun(name, network, at, plan);
    try {
      return run.runAll();
    } catch (LinuxException | RuntimeException e) {
      run.undoAll(e);
      throw e;
    }
  }

  private Optional<Outside> runAll() throws LinuxException {
    if (plan.isEmpty()) {
      return Optional.empty();
    }
    List<OutsideChange> outside = plan.outsideChanges();
    Optional<Outside> stuck = Optional.empty();
    Optional<OutsideChange> gateway = outside.stream().filter(PlanRun::isGateway).findFirst();
    Optional<Outside> meanwhile = gateway.flatMap(this::meanwhile);
    if (!outside.isEmpty()) {
      List<Outside> eitherWay = new ArrayList<>(plan.before().outside());
      eitherWay.addAll(plan.after().outside());
      meanwhile.ifPresent(eitherWay::add);
      network.note(name, eitherWay);
      noted = true;
    }
    // What peers may not reach must be said before they come, and until they are gone.
    if (gateway.isPresent()) {
      make(new OutsideChange(gateway.get().before(), meanwhile.or(gateway.get()::after)));
    }
    if (plan.fresh()) {
      device();
    } else if (!outside.isEmpty()) {
      markEarly();
    }
    addresses();
    if (plan.mtu().isPresent()) {
      int before = at.mtu();
      at.setMtu(plan.mtu().getAsInt());
      undo(() -> at.setMtu(before), UnaryOperator.identity());
    }
    if (plan.linkUp()) {
      at.setLinkUp();
    }
    for (TunnelRoute route : plan.addedRoutes()) {
      at.addRoute(route);
      undo(() -> at.removeRoute(route), setup -> setup.with(route));
    }
    if (plan.after().marksIpv4() && !network.marksCountForSources()) {
      network.countMarksForSources(true);
      undo(() -> network.countMarksForSources(false), UnaryOperator.identity());
    }
    for (OutsideChange change : outside) {
      if (!isGateway(change)) {
        make(change);
      }
    }
    for (TunnelRoute route : plan.removedRoutes()) {
      at.removeRoute(route);
      undo(() -> at.addRoute(route), UnaryOperator.identity());
    }
    removeAddresses();
    if (!plan.fresh()) {
      device();
    }
    if (meanwhile.isPresent()) {
      stuck = handOver(meanwhile.get(), gateway.flatMap(OutsideChange::after));
    }
    if (!outside.isEmpty()) {
      stuck.map(plan.after()::with).orElse(plan.after()).note(name, network);
    }
    return stuck;
  }

  private void undo(Step step, UnaryOperator<Setup> ifStuck) {
    undo.push(new Undo(step, ifStuck));
  }

  private static boolean isGateway(OutsideChange change) {
    return change.before().or(change::after).filter(Outside.Gateway.class::isInstance).isPresent();
  }

  /** What counts until the device has changed, where that is not what is wanted then. */
  private Optional<Outside> meanwhile(OutsideChange change) {
    if (change.before().isEmpty()) {
      return Optional.empty();
    }
    return GatewayHandover.meanwhile(
            table(change.before()),
            table(change.after()),
            GatewayHandover.leaving(at.snapshot(), plan.device()))
        .map(Outside.Gateway::new);
  }

  private static GatewayTable table(Optional<Outside> gateway) {
    return gateway
        .map(Outside.Gateway.class::cast)
        .map(Outside.Gateway::table)
        .orElseGet(() -> new GatewayTable(List.of(), List.of(), List.of()));
  }

  /** The device has changed, so there is no way back; what is stricter may stay. */
  private Optional<Outside> handOver(Outside meanwhile, Optional<Outside> after) {
    try {
      change(Optional.of(meanwhile), after);
      return Optional.empty();
    } catch (LinuxException e) {
      LOG.log(Level.WARNING, name + ": rules of peers that are gone stay for now", e);
      return Optional.of(meanwhile);
    }
  }

  private void make(OutsideChange change) throws LinuxException {
    change(change.before(), change.after());
    undo(() -> change(change.after(), change.before()), setup -> setup.with(change));
  }

  private void device() throws LinuxException {
    if (!plan.device().isEmpty()) {
      at.apply(plan.device());
    }
  }

  /**
   * Our own packets must have their mark before a rule sends all others into the tunnel. Without
   * rules any more, the mark may go as late as all the rest.
   */
  private void markEarly() throws LinuxException {
    OptionalInt mark = plan.device().fwMark();
    if (mark.isPresent() && mark.getAsInt() != 0) {
      at.apply(marked(mark.getAsInt()));
      undo(() -> at.apply(marked(plan.markBefore())), UnaryOperator.identity());
    }
  }

  private static DeviceChange marked(int mark) {
    return new DeviceChange(
        Optional.empty(), OptionalInt.empty(), OptionalInt.of(mark), false, List.of());
  }

  private void change(Optional<Outside> from, Optional<Outside> to) throws LinuxException {
    if (to.isPresent()) {
      network.put(name, to.get());
    } else if (from.isPresent()) {
      network.remove(name, from.get());
    }
  }

  private void addresses() throws LinuxException {
    List<Prefix> removed = plan.removedAddresses();
    if (!removed.isEmpty()) {
      // With an address the kernel may take others of its network, and routes.
      for (TunnelRoute route : plan.before().routes().reversed()) {
        undo(() -> at.addRoute(route), UnaryOperator.identity());
      }
      for (Prefix address : plan.before().addresses().reversed()) {
        undo(() -> at.addAddress(address), UnaryOperator.identity());
      }
    }
    for (Prefix address : plan.addedAddresses()) {
      for (Prefix old : removed) {
        // The kernel does not change the length of an address in place.
        if (old.address().equals(address.address())) {
          at.removeAddress(old);
        }
      }
      at.addAddress(address);
      undo(() -> at.removeAddress(address), setup -> setup.with(address));
    }
  }

  private void removeAddresses() throws LinuxException {
    List<Prefix> removed = plan.removedAddresses();
    for (Prefix address : removed) {
      at.removeAddress(address);
    }
    if (!removed.isEmpty()) {
      for (Prefix address : plan.after().addresses()) {
        at.addAddress(address);
      }
      for (TunnelRoute route : plan.after().routes()) {
        at.addRoute(route);
      }
    }
  }

  private void undoAll(Exception why) throws NotUndoneException {
    Setup left = plan.before();
    List<String> stuck = new ArrayList<>();
    while (!undo.isEmpty()) {
      Undo next = undo.pop();
      try {
        next.step().run();
      } catch (LinuxException e) {
        stuck.add(String.valueOf(e.getMessage()));
        left = next.ifStuck().apply(left);
      }
    }
    if (!stuck.isEmpty()) {
      // All that may be there stays noted.
      throw new NotUndoneException(why, stuck, left);
    }
    if (noted) {
      plan.before().note(name, network);
    }
  }
}
