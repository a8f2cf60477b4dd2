// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.tunnels.Network.TunnelInterface;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.DeviceTotals;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tunnel of one file: brings it up, follows changes of the file, takes it down.
 *
 * <p>A failed change leaves it as it was. While hooks run it is busy and takes no change; nobody
 * else has to wait for them. Changed on the control thread only; {@link #view} may be asked from
 * any thread.
 */
final class FileTunnel {
  private static final Logger LOG = System.getLogger(FileTunnel.class.getName());

  private static final String RUNS = " runs as its file says";

  /** Bytes that WireGuard and the outer headers take at most: IPv6 40, UDP 8, data message 32. */
  private static final int OVERHEAD = 80;

  private static final int USUAL_MTU = 1500;

  /** What a TUN device takes. */
  private static final int LEAST_MTU = 68;

  private static final int LARGEST_MTU = 65535;

  /** Nobody has an address of TEST-NET-1 (RFC 5737), so it is reached by the default route. */
  private static final InetAddress ANYWHERE = InetAddress.ofLiteral("192.0.2.1");

  /**
   * What others may see.
   *
   * @param running empty when there is no interface
   * @param config what runs, empty when nothing does
   * @param withheld which peers of that are not in force
   * @param since when it came up, the epoch when it is not up
   */
  record View(
      Optional<TunnelInterface> running,
      Optional<TunnelConfig> config,
      Withheld withheld,
      Instant since) {
    static final View NOTHING =
        new View(Optional.empty(), Optional.empty(), Withheld.NONE, Instant.EPOCH);
  }

  private final InterfaceName name;
  private final Network network;
  private final LastKnown lastKnown;
  private final LimitKeeper limits;
  private final Endpoints endpoints;
  private final Hooks hooks;
  private final Healing healing;
  private final Drift drift;
  private final LongSupplier clock;
  private final Runnable changed;
  private Runnable changedByHand = () -> {};
  private final List<Finding> failures = new ArrayList<>();
  private volatile View view = View.NOTHING;
  private @Nullable TunnelInterface running;
  private @Nullable TunnelConfig applied;
  private @Nullable TunnelConfig stumbledAt;
  private boolean mayTryAgain;

  /** Whether something of a failed change could not be undone. */
  private boolean halfDone;

  private final List<Runnable> whenIdle = new ArrayList<>();
  private boolean busy;
  private boolean starting;
  private boolean unwanted;
  private Setup setup = Setup.NONE;
  private int mtu;

  /**
   * A tunnel that does not run yet.
   *
   * @param lastKnown what was known when the data plane ended the last time
   * @param usage of the quotas of its peers
   * @param clock the monotonic one, in nanoseconds
   * @param changed called, on the control thread or another, when its findings may have changed or
   *     it must be looked after
   */
  FileTunnel(
      InterfaceName name,
      Network network,
      LastKnown lastKnown,
      QuotaUsage usage,
      EndpointsOf endpointsOf,
      Hooks hooks,
      LongSupplier clock,
      Runnable changed) {
    this.name = name;
    this.network = network;
    this.lastKnown = lastKnown;
    this.limits = new LimitKeeper(name, usage);
    this.hooks = hooks;
    this.healing = new Healing(name, network);
    this.drift = new Drift(name);
    this.clock = clock;
    this.changed = changed;
    this.endpoints =
        endpointsOf.make(
            new Endpoints.Listener() {
              @Override
              public void resolved(PublicKey peer, Endpoint endpoint, boolean again) {
                FileTunnel.this.resolved(peer, endpoint, again);
                changed.run();
              }

              @Override
              public void unresolved() {
                changed.run();
              }
            });
  }

  /**
   * To be told when somebody has changed the device otherwise than by its file.
   *
   * @param callback called on any thread
   */
  void whenChangedByHand(Runnable callback) {
    changedByHand = callback;
  }

  /** Makes the endpoints of a tunnel. */
  interface EndpointsOf {
    Endpoints make(Endpoints.Listener listener);
  }

  InterfaceName name() {
    return name;
  }

  View view() {
    return view;
  }

  /** What is to be said about it as it runs, or does not. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(failures);
    findings.addAll(healing.findings());
    findings.addAll(drift.findings());
    TunnelConfig config = applied;
    if (config != null) {
      String file = name.fileName();
      if (!hooks.areOn() && Hooks.Moment.any(config)) {
        findings.add(FindingCode.HOOKS_OFF.at(file, 0, Hooks.Moment.in(config)));
      }
      if (setup.lacksNameServers(config)) {
        findings.add(TunnelFinding.NO_DNS_MANAGER.at(file, 0, String.join(", ", config.dns())));
      }
      findings.addAll(limits.findings(config));
      var failing = endpoints.failing();
      Optional<PublicKey> own = Optional.ofNullable(running).flatMap(r -> r.snapshot().publicKey());
      for (PeerConfig peer : config.peers()) {
        if (failing.contains(peer.publicKey())) {
          String endpoint = peer.endpoint().map(Object::toString).orElse("");
          findings.add(FindingCode.ENDPOINT_UNRESOLVED.at(file, peer.line(), endpoint));
        }
        if (own.filter(peer.publicKey()::equals).isPresent()) {
          findings.add(FindingCode.OWN_KEY.at(file, peer.line(), peer.publicKey().toString()));
        }
      }
    }
    return findings;
  }

  /** Whether it runs just what the file says. */
  boolean runs(TunnelConfig wanted) {
    TunnelInterface now = running;
    return !busy && !halfDone && now != null && !now.hasEnded() && wanted.equals(applied);
  }

  /** Whether it has an interface. */
  boolean isThere() {
    TunnelInterface now = running;
    return now != null && !now.hasEnded();
  }

  /** Whether hooks run that a change must wait for. */
  boolean isBusy() {
    return busy;
  }

  /** Runs a task once no hooks run any more, perhaps at once. */
  void whenIdle(Runnable task) {
    if (busy) {
      whenIdle.add(task);
    } else {
      task.run();
    }
  }

  /** Forgets why the last try failed, as its file says something else by now. */
  void forgetFailures() {
    failures.clear();
    stumbledAt = null;
    mayTryAgain = true;
  }

  /** Somebody has looked after it: everything that was given up is tried again. */
  void forgive() {
    forgetFailures();
    healing.forgive();
  }

  /** Lets be tried again what failed for another reason than a hook. */
  void tryAgain() {
    if (mayTryAgain) {
      stumbledAt = null;
    }
    if (!healing.findings().isEmpty()) {
      heal(false);
    }
  }

  /**
   * Makes the tunnel what a file says. Where that fails, everything stays as it was and {@link
   * #findings} says why. Where hooks have to run it is busy after that, and asks to be looked at
   * when they are over.
   *
   * @return whether it runs so now
   */
  boolean apply(TunnelConfig wanted) {
    if (busy || wanted.equals(stumbledAt)) {
      return false;
    }
    forgetFailures();
    String file = name.fileName();
    TunnelInterface now = running;
    if (now != null && now.hasEnded()) {
      LOG.log(Level.WARNING, "somebody deleted the interface " + name + "; it is made again");
      boolean again = healing.allows(clock.getAsLong());
      takeDown(() -> {});
      if (!again) {
        stumbledAt = wanted;
        failures.add(TunnelFinding.CONTESTED.of(file, "the interface"));
      }
      if (!again || busy) {
        return false;
      }
      now = null;
    }
    try {
      if (now == null) {
        if (network.hasInterface(name)) {
          failures.add(TunnelFinding.INTERFACE_EXISTS.of(file));
          return false;
        }
        return bringUp(wanted);
      }
      change(now, wanted, drift.ignored());
      healing.forgive();
      LOG.log(Level.INFO, name + RUNS);
      return true;
    } catch (IOException | RuntimeException e) {
      failed(wanted, e);
      return false;
    }
  }

  private void failed(TunnelConfig wanted, Exception e) {
    for (Finding reason : reasons(wanted, e)) {
      if (!failures.contains(reason)) {
        failures.add(reason);
      }
    }
    TunnelConfig before = applied;
    if (before != null) {
      // Back to the endpoints of what still runs.
      endpoints.want(limits.withheld().inForce(before));
    } else {
      endpoints.clear();
    }
  }

  private List<Finding> reasons(TunnelConfig wanted, Exception e) {
    String file = name.fileName();
    if (e instanceof NotUndoneException half && half.getCause() instanceof Exception cause) {
      List<Finding> reasons = new ArrayList<>(reasons(wanted, cause));
      reasons.add(TunnelFinding.NOT_UNDONE.of(file, String.join(", ", half.stuck())));
      return List.copyOf(reasons);
    }
    if (e instanceof LinuxException refused) {
      return List.of(
          refused.errno() == Errno.EADDRINUSE
              ? FindingCode.PORT_IN_USE.at(
                  file,
                  0,
                  Integer.toString(wanted.listenPort().orElse(0)),
                  "another program or tunnel")
              : TunnelFinding.NOT_APPLIED.of(file, String.valueOf(e.getMessage())));
    }
    LOG.log(Level.ERROR, file + " could not be applied", e);
    return List.of(TunnelFinding.NOT_APPLIED.of(file, e.toString()));
  }

  /**
   * What applying a file would do now, if that would undo what somebody has changed by hand.
   * Changes nothing.
   *
   * @param machine as it will be by then
   * @throws LinuxException if the system cannot be asked, or would refuse the file
   */
  Foresight foresee(TunnelConfig file, Machine machine) throws LinuxException {
    TunnelInterface now = isThere() ? running : null;
    boolean same = file.equals(applied) && !halfDone;
    TunnelConfig wanted = (same ? limits.withheld() : limits.decide(file)).inForce(file);
    Map<PublicKey, Endpoint> known = new HashMap<>();
    if (now == null) {
      known.putAll(lastKnown.peers(name, Instant.now()));
    }
    known.putAll(endpoints.foresee(wanted));
    Running state = now == null ? Foresight.NOTHING : observed(now);
    Setup after = same ? setup : Setup.of(name, wanted, now == null ? Setup.NONE : setup, machine);
    int ifIndex = now == null ? 0 : now.ifIndex();
    int size = same ? mtu : wanted.mtu().orElseGet(() -> mtu(ifIndex, after.fwMark(), known));
    Plan plan = Plan.of(state, wanted, after, known, size);
    return new Foresight(state, Optional.of(wanted), now == null ? plan : reachable(plan, now));
  }

  /** What runs otherwise than the file says that was applied last. */
  Drift drift() {
    return drift;
  }

  /** The device as it runs. Only while it is there. */
  DeviceSnapshot device() {
    TunnelInterface now = running;
    if (now == null) {
      throw new IllegalStateException(name + " does not run");
    }
    return now.snapshot();
  }

  /**
   * Looks for drift.
   *
   * @param document the file that was applied last, to tell its lines; empty if it is not known
   * @return what differs and was not done by the file's own PostUp
   */
  List<Difference> lookForDrift(Optional<WgQuickFile> document) {
    if (!busy && isThere()) {
      drift.look(differences(document));
    }
    return drift.found();
  }

  /** With SaveConfig what runs is the truth: it will be written into the file. */
  private List<Difference> differences(Optional<WgQuickFile> document) {
    TunnelConfig config = applied;
    return config == null || config.saveConfig() ? List.of() : compared(config, document);
  }

  private List<Difference> compared(TunnelConfig config, Optional<WgQuickFile> document) {
    try {
      return Differences.of(name, foresee(config, network), document);
    } catch (LinuxException e) {
      LOG.log(Level.WARNING, name + " could not be compared with its file", e);
      return drift.found();
    }
  }

  /**
   * Makes it what its file says again, whatever somebody has changed by hand.
   *
   * @param document as in {@link #lookForDrift}
   * @return why that could not be; empty if it is done
   */
  Optional<Finding> takeFile(Optional<WgQuickFile> document) {
    TunnelInterface now = running;
    TunnelConfig config = applied;
    if (now == null || config == null) {
      throw new IllegalStateException(name + " does not run");
    }
    forgetFailures();
    try {
      limits.count(now::octets);
      carryOut(now, observed(now), config, Map.of(), drift.ofPostUp(), true);
      healing.forgive();
      heal(false);
    } catch (IOException | RuntimeException e) {
      failed(config, e);
      return Optional.of(failures.getFirst());
    }
    var _ = lookForDrift(document);
    return Optional.empty();
  }

  /** What taking it down would do; empty if it is not there. Changes nothing. */
  Optional<Foresight> foreseeEnd() throws LinuxException {
    TunnelInterface now = isThere() ? running : null;
    return now == null ? Optional.empty() : Optional.of(Foresight.ofGoing(observed(now)));
  }

  /** As it really is. Whoever has set the link down wants it down, so it counts as up here. */
  private Running observed(TunnelInterface at) throws LinuxException {
    return new Running(
        at.snapshot(), Optional.ofNullable(applied), healing.actual(at, setup), size(at), true);
  }

  /** The MTU; in another network namespace it cannot be asked for. */
  private int size(TunnelInterface at) throws LinuxException {
    return at.nameHere().isPresent() ? at.mtu() : mtu;
  }

  /**
   * Takes the tunnel down; nothing of it is left when it is idle again. Hooks that bring it up are
   * ended.
   *
   * @param beforeDelete run while everything is still there
   */
  void takeDown(Runnable beforeDelete) {
    if (busy) {
      if (starting && !unwanted) {
        unwanted = true;
        hooks.cancel(name);
        whenIdle.addFirst(() -> takeDown(beforeDelete));
      }
      return;
    }
    TunnelConfig config = applied;
    if (config == null) {
      endpoints.clear();
      return;
    }
    Busy turn = new Busy(false);
    hooks.run(
        name,
        Hooks.Moment.PRE_DOWN,
        config,
        before -> {
          before.ifPresent(this::sayHookFailed);
          try {
            beforeDelete.run();
          } catch (RuntimeException e) {
            LOG.log(Level.ERROR, name + " goes down although something failed before", e);
          }
          remove();
          hooks.run(
              name,
              Hooks.Moment.POST_DOWN,
              config,
              after -> {
                after.ifPresent(this::sayHookFailed);
                turn.over();
              });
        });
    turn.goOn();
  }

  /** A script cannot keep a tunnel whose file is gone, so its failure is only said. */
  private void sayHookFailed(String why) {
    LOG.log(Level.WARNING, name + " goes down although " + why);
  }

  private void remove() {
    endpoints.clear();
    TunnelInterface now = running;
    running = null;
    applied = null;
    view = View.NOTHING;
    setup.takeAway(
        name,
        network,
        () -> {
          if (now != null) {
            now.close();
            lastKnown.counters().see(name, now.counters(), DeviceTotals.of(now.snapshot()));
          }
        });
    setup = Setup.NONE;
    halfDone = false;
    drift.reset();
    healing.reset();
    limits.ended();
  }

  /** The tunnel as it runs, in the words of its file. Only while it is there. */
  WgConfig state() {
    TunnelInterface now = running;
    TunnelConfig config = applied;
    if (now == null || config == null) {
      throw new IllegalStateException(name + " does not run");
    }
    return SaveConfig.state(now.snapshot(), config, limits.withheld().of(config), endpoints::known);
  }

  /** Takes down where its peers are and how far its timestamps and its counters have come. */
  void remember() {
    TunnelInterface now = running;
    if (now != null && !now.hasEnded()) {
      DeviceSnapshot device = now.snapshot();
      lastKnown.see(name, device, now.timestampToKeep());
      if (lastKnown.counters().isDue(System.nanoTime())) {
        lastKnown.counters().see(name, now.counters(), DeviceTotals.of(device));
      }
      limits.count(now::octets);
    }
  }

  /** Whether time or traffic can change which of its peers are in force. */
  boolean hasLimits() {
    return limits.hasLimits();
  }

  /**
   * Takes out the peers that have reached a limit since, and puts in those that are free again;
   * nothing else changes. What fails is said, and tried again the next time.
   *
   * @return whether there was something to do
   */
  boolean keepLimits() {
    TunnelInterface now = running;
    TunnelConfig config = applied;
    if (busy || now == null || config == null || now.hasEnded() || !limits.isDue(now::octets)) {
      return false;
    }
    try {
      // Nothing else changes, whatever somebody has set by hand meanwhile.
      change(now, config, compared(config, Optional.empty()));
    } catch (IOException | RuntimeException e) {
      failed(config, e);
    }
    return true;
  }

  /** Whether it is up when this returns; otherwise it failed, or hooks are still running. */
  private boolean bringUp(TunnelConfig wanted) {
    Busy turn = new Busy(true);
    hooks.run(
        name,
        Hooks.Moment.PRE_UP,
        wanted,
        early -> {
          if (unwanted || early.isPresent() || !make(wanted)) {
            early.ifPresent(this::hookFailed);
            turn.over();
            return;
          }
          hooks.run(
              name,
              Hooks.Moment.POST_UP,
              wanted,
              late -> {
                if (late.isPresent()) {
                  remove();
                  hookFailed(late.get());
                } else {
                  stumbledAt = null;
                  sparePostUp(wanted);
                  LOG.log(Level.INFO, name + RUNS);
                }
                turn.over();
              });
        });
    turn.goOn();
    boolean up = runs(wanted);
    if (!up && hooks.areOn() && Hooks.Moment.any(wanted)) {
      stumbledAt = wanted;
    }
    return up;
  }

  private void sparePostUp(TunnelConfig wanted) {
    TunnelInterface now = running;
    if (now != null && hooks.areOn() && !wanted.postUp().isEmpty()) {
      healing.spare(now, setup);
      drift.accept(differences(Optional.empty()));
    }
  }

  /** Run again for the same file, it would do half of its work again: somebody must look. */
  private void hookFailed(String why) {
    if (!unwanted) {
      mayTryAgain = false;
      failures.add(TunnelFinding.HOOK_FAILED.of(name.fileName(), why));
    }
  }

  private boolean make(TunnelConfig wanted) {
    try {
      makeInterface(wanted);
      return true;
    } catch (IOException | RuntimeException e) {
      failed(wanted, e);
      return false;
    }
  }

  private void makeInterface(TunnelConfig wanted) throws IOException {
    network.sweep(name);
    TunnelInterface made = network.make(name);
    Map<PublicKey, Endpoint> met = lastKnown.peers(name, Instant.now());
    try {
      made.timestampFloor(lastKnown.timestamp());
      lastKnown
          .counters()
          .of(name)
          .ifPresent(before -> made.resume(before.ofInterface(), before.ofDevice()));
      Running bare =
          new Running(made.snapshot(), Optional.empty(), Setup.NONE, made.mtu(), made.isLinkUp());
      carryOut(made, bare, wanted, met, List.of(), false);
    } catch (IOException | RuntimeException e) {
      made.close();
      // What could not be undone was noted.
      network.sweep(name);
      throw e;
    }
    running = made;
    applied = wanted;
    made.greet(met.keySet());
    made.whenEnded(changed);
    made.whenChanged(() -> changedByHand.run());
    view = new View(Optional.of(made), Optional.of(wanted), limits.withheld(), Instant.now());
  }

  /** From the first hook of a way up or down to the end of the last. */
  private final class Busy {
    private boolean later;

    Busy(boolean starting) {
      busy = true;
      FileTunnel.this.starting = starting;
      unwanted = false;
    }

    /** The caller goes on; whatever ends from now on, ends later. */
    void goOn() {
      later = true;
    }

    void over() {
      busy = false;
      if (unwanted) {
        stumbledAt = null;
      }
      List<Runnable> waiting = List.copyOf(whenIdle);
      whenIdle.clear();
      for (Runnable task : waiting) {
        // One of them may make it busy again.
        whenIdle(task);
      }
      if (later) {
        changed.run();
      }
    }
  }

  /**
   * Changes what is there.
   *
   * @param kept what is to stay as it runs
   */
  private void change(TunnelInterface now, TunnelConfig wanted, List<Difference> kept)
      throws IOException {
    TunnelConfig before = applied;
    if (before == null) {
      throw new IllegalStateException(name + " runs without a file");
    }
    limits.count(now::octets);
    // Whoever has set the link down wants it down, so it counts as up here.
    Running state = new Running(now.snapshot(), Optional.of(before), setup, size(now), true);
    carryOut(now, state, wanted, Map.of(), kept, false);
    applied = wanted;
    view = new View(Optional.of(now), Optional.of(wanted), limits.withheld(), view.since());
  }

  /**
   * Goes from one state to another, of the file what is in force of it now.
   *
   * @param met where peers were that have no endpoint in the file
   * @param kept what is to stay as it runs
   * @param mtuToo whether an MTU that was set by hand goes as well
   */
  private void carryOut(
      TunnelInterface at,
      Running state,
      TunnelConfig file,
      Map<PublicKey, Endpoint> met,
      List<Difference> kept,
      boolean mtuToo)
      throws IOException {
    Withheld withheld = limits.decide(file);
    TunnelConfig wanted = withheld.inForce(file);
    Map<PublicKey, Endpoint> known = new HashMap<>(met);
    known.putAll(endpoints.want(wanted));
    Setup after = Setup.of(name, wanted, state.setup(), network);
    int mtu = wanted.mtu().orElseGet(() -> mtu(at.ifIndex(), after.fwMark(), known));
    Plan plan = Plan.of(state, wanted, after, known, mtu);
    if (!plan.fresh()) {
      plan = mtuToo ? reachable(plan, at) : respectful(plan, at);
      plan = KeptAsItRuns.without(name, new Foresight(state, Optional.of(wanted), plan), kept);
    }
    Optional<Outside> stays;
    try {
      stays = PlanRun.run(name, network, at, plan);
    } catch (NotUndoneException e) {
      // A fresh interface goes, and what is outside of it is swept.
      if (!plan.fresh()) {
        setup = e.left();
        halfDone = true;
      }
      throw e;
    }
    halfDone = false;
    setup = stays.map(after::with).orElse(after);
    this.mtu = mtu;
    limits.runs(file, withheld, at::octets);
  }

  /** Leaves out what somebody has set otherwise by hand, or what cannot be done where it is. */
  private Plan respectful(Plan plan, TunnelInterface at) throws LinuxException {
    boolean mtuByHand = !halfDone && plan.mtu().equals(OptionalInt.of(mtu)) && at.mtu() != mtu;
    return reachable(
        mtuByHand ? plan.only(plan.before(), plan.after(), OptionalInt.empty()) : plan, at);
  }

  /** Leaves out what cannot be done where it is. */
  private static Plan reachable(Plan plan, TunnelInterface at) throws LinuxException {
    if (at.nameHere().isEmpty()) {
      return plan.only(plan.after(), plan.after(), OptionalInt.empty());
    }
    return at.isLinkUp()
        ? plan
        : plan.only(plan.before().withoutRoutes(), plan.after().withoutRoutes(), plan.mtu());
  }

  /** Whether something that has changed is about its interface. Any thread. */
  boolean isAbout(Network.Changes changes) {
    return view.running().filter(at -> changes.interfaces().contains(at.ifIndex())).isPresent();
  }

  /** Whether something that has changed may be about this tunnel. Any thread. */
  boolean concerns(Network.Changes changes) {
    return view.running()
        .filter(at -> changes.routing() || changes.interfaces().contains(at.ifIndex()))
        .isPresent();
  }

  /**
   * Looks whether everything is still as it was set, and puts back what is not. Called when
   * something has changed on the machine.
   *
   * @param routing whether packets may go other ways now
   */
  void heal(boolean routing) {
    TunnelInterface now = running;
    TunnelConfig config = applied;
    if (busy || now == null || config == null || now.hasEnded()) {
      return;
    }
    if (routing && config.mtu().isEmpty()) {
      followMtu(now);
    }
    healing.heal(now, setup, mtu, clock.getAsLong());
  }

  /** Another default route may be a narrower way. */
  private void followMtu(TunnelInterface now) {
    try {
      if (now.nameHere().isPresent() && now.isLinkUp() && now.mtu() == mtu) {
        Map<PublicKey, Endpoint> known = new HashMap<>();
        for (PeerSnapshot peer : now.snapshot().peers()) {
          peer.endpoint().ifPresent(endpoint -> known.put(peer.publicKey(), endpoint));
        }
        int next = mtu(now.ifIndex(), setup.fwMark(), known);
        if (next != mtu) {
          now.setMtu(next);
          LOG.log(Level.INFO, name + ": the way to its peers has changed, the MTU is " + next);
          mtu = next;
        }
      }
    } catch (LinuxException e) {
      LOG.log(Level.WARNING, name + ": the MTU could not follow the way to its peers", e);
    }
  }

  /** What the narrowest way to a peer leaves, else the default route, else the usual. */
  private int mtu(int ifIndex, int fwMark, Map<PublicKey, Endpoint> known) {
    OptionalInt least =
        known.values().stream()
            .map(endpoint -> network.pathMtu(endpoint.address(), fwMark, ifIndex))
            .flatMapToInt(OptionalInt::stream)
            .min();
    int outer = least.orElseGet(() -> network.pathMtu(ANYWHERE, fwMark, ifIndex).orElse(USUAL_MTU));
    return Math.clamp(outer - OVERHEAD, LEAST_MTU, LARGEST_MTU);
  }

  /** Looks the names of those peers up again that do not answer. */
  void lookAfterPeers() {
    TunnelInterface now = running;
    if (now == null || now.hasEnded() || !endpoints.hasNames()) {
      return;
    }
    for (PeerSnapshot peer : now.snapshot().peers()) {
      switch (peer.state()) {
        case UP -> endpoints.answers(peer.publicKey());
        case RETRYING -> endpoints.doesNotAnswer(peer.publicKey(), peer.unansweredNanos());
        case NEVER, IDLE -> {}
      }
    }
  }

  /** A peer that has found its way meanwhile stays where it is. */
  private static boolean moves(TunnelInterface at, PublicKey key, Endpoint to) {
    return at.snapshot().peers().stream()
        .filter(peer -> peer.publicKey().equals(key))
        .anyMatch(
            peer ->
                peer.state() != PeerSnapshot.State.UP
                    && !peer.endpoint().map(Endpoint::withoutSource).equals(Optional.of(to)));
  }

  private void resolved(PublicKey peer, Endpoint endpoint, boolean again) {
    TunnelInterface now = running;
    if (now == null || now.hasEnded() || again && !moves(now, peer, endpoint)) {
      return;
    }
    if (again) {
      LOG.log(Level.INFO, name + ": the endpoint of " + peer + " has moved to " + endpoint);
    }
    PeerChange change =
        new PeerChange(
            peer,
            false,
            true,
            Optional.empty(),
            Optional.of(endpoint),
            OptionalInt.empty(),
            false,
            List.of());
    try {
      now.apply(
          new DeviceChange(
              Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, List.of(change)));
    } catch (LinuxException e) {
      LOG.log(Level.WARNING, name + ": the endpoint of " + peer + " could not be set", e);
    }
  }
}
