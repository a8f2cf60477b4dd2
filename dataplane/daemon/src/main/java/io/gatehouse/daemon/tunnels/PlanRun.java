// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.tunnels.Network.TunnelInterface;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.TunnelConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Carries out a plan: all of it, or nothing.
 *
 * <p>What only adds comes first and can be undone; then the device, which takes its change whole or
 * not at all; what is no longer wanted goes last. A new tunnel gets its device first, as
 * wg-quick(8) does it, so that its socket opens on the right port.
 */
final class PlanRun {
  private static final Logger LOG = System.getLogger(PlanRun.class.getName());

  /** A step back. */
  private interface Undo {
    void run() throws LinuxException;
  }

  private final TunnelInterface at;
  private final Plan plan;
  private final Deque<Undo> undo = new ArrayDeque<>();

  private PlanRun(TunnelInterface at, Plan plan) {
    this.at = at;
    this.plan = plan;
  }

  /**
   * Runs a plan.
   *
   * @param wanted what the plan leads to
   * @throws LinuxException if the system refuses a step; everything is as before then
   */
  static void run(TunnelInterface at, Plan plan, TunnelConfig wanted) throws LinuxException {
    PlanRun run = new PlanRun(at, plan);
    try {
      run.runAll(wanted);
    } catch (LinuxException | RuntimeException e) {
      run.undoAll();
      throw e;
    }
  }

  private void runAll(TunnelConfig wanted) throws LinuxException {
    if (plan.linkUp()) {
      device();
    }
    for (Prefix address : plan.addedAddresses()) {
      add(address);
    }
    if (plan.mtu().isPresent()) {
      int before = at.mtu();
      at.setMtu(plan.mtu().getAsInt());
      undo.push(() -> at.setMtu(before));
    }
    if (plan.linkUp()) {
      at.setLinkUp();
    }
    for (TunnelRoute route : plan.addedRoutes()) {
      at.addRoute(route);
      undo.push(() -> at.removeRoute(route));
    }
    if (!plan.linkUp()) {
      device();
    }
    for (TunnelRoute route : plan.removedRoutes()) {
      at.removeRoute(route);
      undo.push(() -> at.addRoute(route));
    }
    for (Prefix address : plan.removedAddresses()) {
      at.removeAddress(address);
    }
    if (!plan.removedAddresses().isEmpty()) {
      // With an address the kernel may take others of its network, and routes.
      restore(wanted.addresses(), TunnelRoute.of(wanted));
    }
  }

  private void device() throws LinuxException {
    if (!plan.device().isEmpty()) {
      at.apply(plan.device());
    }
  }

  private void add(Prefix address) throws LinuxException {
    for (Prefix old : plan.removedAddresses()) {
      // The kernel does not change the length of an address in place.
      if (old.address().equals(address.address())) {
        at.removeAddress(old);
        undo.push(() -> at.addAddress(old));
      }
    }
    at.addAddress(address);
    undo.push(() -> at.removeAddress(address));
  }

  private void restore(List<Prefix> addresses, List<TunnelRoute> routes) throws LinuxException {
    for (Prefix address : addresses) {
      at.addAddress(address);
    }
    for (TunnelRoute route : routes) {
      at.addRoute(route);
    }
  }

  private void undoAll() {
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (LinuxException e) {
        LOG.log(Level.WARNING, "a failed change could not be undone wholly", e);
      }
    }
  }
}
