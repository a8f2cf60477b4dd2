// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.config;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.TunnelConfig;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every call that a plan makes fails once, in every plan from each of these states to each other,
 * and after that one call of the way back, too. The steps are not listed here: call after call is
 * made to fail until a run needs no more of them.
 */
class FaultMatrixTest {
  private static final String LINES = "Address = 10.0.0.1/24, fd00::1/64\nListenPort = 51821\n";
  private static final Pattern CHOSEN =
      Pattern.compile("(priority |table[ =]|mark[ =]|Mark=)(327|518)[0-9]+");
  private static final Logger LOGGER = Logger.getLogger(FaultMatrixTest.class.getPackageName());
  private static final String NO_TUNNEL = "no tunnel";
  private static final Map<String, TunnelConfig> STATES = new LinkedHashMap<>();

  static {
    STATES.put("bare", config(text("ListenPort = 51821\n")));
    STATES.put("split", config(text(LINES, peer(1, "AllowedIPs = 10.1.0.0/16\n"))));
    STATES.put(
        "full",
        config(
            text(
                LINES + "DNS = 192.0.2.53, corp.example\n",
                peer(1, "AllowedIPs = 0.0.0.0/0, ::/0\nPersistentKeepalive = 25\n"))));
    STATES.put(
        "all otherwise",
        config(
            text(
                """
                Address = 10.0.0.1/16, 10.9.0.1/32
                ListenPort = 51822
                MTU = 1300
                FwMark = 7
                DNS = 192.0.2.54
                """,
                peer(2, "AllowedIPs = 0.0.0.0/0, 10.2.0.0/16\n"),
                peer(1, "AllowedIPs = 10.7.0.0/16\n"))));
    STATES.put(
        "gateway",
        config(
            text(
                LINES
                    + """
                    # gatehouse.masquerade = eth0
                    # gatehouse.port-forward = tcp 8080 -> 10.0.0.2:80
                    """,
                peer(1, "# gatehouse.allow = 192.168.1.0/24 tcp 443\nAllowedIPs = 10.0.0.2/32\n"),
                peer(2, "AllowedIPs = 10.0.0.3/32\n"))));
    STATES.put(
        "stricter gateway",
        config(
            text(
                LINES + "# gatehouse.forwarding = eth1\n",
                peer(1, "# gatehouse.deny = 192.168.1.0/24\nAllowedIPs = 10.0.0.0/24\n"))));
  }

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private FakeNetwork network = new FakeNetwork();
  private FileTunnel tunnel = tunnel("wg0");

  /** How often each call was made to fail. */
  private final Map<String, Integer> faults = new TreeMap<>();

  /** Thousands of changes and failures need not be in the log. */
  @BeforeAll
  static void logLess() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void logAgain() {
    LOGGER.setLevel(null);
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void aFaultAtAnyStepOfAnyPlanLeavesAllAsItWas() {
    List<Change> changes = changes();
    changes.forEach(change -> failEachStep(change.from(), change.to()));
    assertThat(faults.keySet())
        .containsExactly(
            "addAddress",
            "addRoute",
            "apply",
            "countMarksForSources",
            "firstRulePriority",
            "forwards",
            "hasInterface",
            "make",
            "marksCountForSources",
            "note",
            "put",
            "remove",
            "removeAddress",
            "removeRoute",
            "setLinkUp",
            "setMtu",
            "tablesInUse");
    System.out.println(
        "fault matrix: "
            + changes.size()
            + " plans, "
            + faults.values().stream().mapToInt(Integer::intValue).sum()
            + " faults: "
            + faults);
  }

  private record Change(String from, String to) {}

  /** From no tunnel, and from each state, to each other one. */
  private static List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    for (String to : STATES.keySet()) {
      changes.add(new Change(NO_TUNNEL, to));
      STATES.keySet().stream()
          .filter(from -> !from.equals(to))
          .forEach(from -> changes.add(new Change(from, to)));
    }
    return changes;
  }

  private void failEachStep(String from, String to) {
    for (int step = 1; step < 200; step++) {
      begin(from);
      String before = network.state();
      var interfaceBefore = network.interfaces.get("wg0");
      network.failCalls(step);
      boolean applied = tunnel.apply(STATES.get(to));
      List<String> failed = network.failNoMore();
      String as = from + " to " + to + ", call " + step + " " + failed;
      if (failed.isEmpty()) {
        assertThat(applied).as(as).isTrue();
        assertThat(step).as(as).isGreaterThan(2);
        assertNotedIsThere(as);
        return;
      }
      failed.forEach(call -> faults.merge(call, 1, Integer::sum));
      if (applied) {
        // The last note may fail without harm, and rules of peers that are gone may stay for now.
        assertThat(failed).as(as).isSubsetOf("note", "put", "remove");
        continue;
      }
      assertThat(network.state()).as(as).isEqualTo(before);
      assertThat(network.interfaces.get("wg0")).as(as).isSameAs(interfaceBefore);
      assertThat(tunnel.findings()).as(as).map(Finding::code).contains("NOT-APPLIED");
      assertThat(tunnel.findings()).as(as).map(Finding::code).doesNotContain("NOT-UNDONE");
      assertThat(tunnel.apply(STATES.get(to))).as(as + ", tried again").isTrue();
      assertNotedIsThere(as);
    }
    throw new AssertionError(from + " to " + to + " never succeeds");
  }

  @Test
  void aFaultOnTheWayBackIsSaidAndTheNextPlanPutsItRight() {
    int said = 0;
    for (Change change : changes()) {
      said += failOnTheWayBack(change.from(), change.to());
    }
    assertThat(said).isGreaterThan(100);
    System.out.println("fault matrix: " + said + " faults on the way back were said");
  }

  /** Two faults: one on the way there, and each one of the way back in turn, or all of them. */
  private int failOnTheWayBack(String from, String to) {
    int said = 0;
    for (int step = 1; step < 200; step++) {
      for (int back = 0; back < 200; back++) {
        begin(from);
        String before = network.things();
        boolean allBack = back == 0;
        if (allBack) {
          network.failCallsFrom(step);
        } else {
          network.failCalls(step, step + back);
        }
        boolean applied = tunnel.apply(STATES.get(to));
        int failed = network.failNoMore().size();
        if (failed == 0) {
          return said;
        }
        String as = from + " to " + to + ", call " + step + (allBack ? " on" : " and +" + back);
        if (applied || !allBack && failed < 2) {
          break;
        }
        boolean notUndone = codes().contains("NOT-UNDONE");
        if (notUndone) {
          said++;
        } else {
          assertThat(network.things()).as(as).isEqualTo(before);
        }
        assertThat(codes()).as(as).contains("NOT-APPLIED");
        assertAllThatIsThereIsNoted(as);
        convergesAgain(from, as, before);
      }
    }
    throw new AssertionError(from + " to " + to + " never succeeds");
  }

  /** Either file may come next; and nothing is left when the tunnel goes. */
  private void convergesAgain(String from, String as, String before) {
    if (from.equals(NO_TUNNEL)) {
      assertThat(tunnel.apply(STATES.get("full"))).as(as).isTrue();
    } else {
      assertThat(tunnel.runs(STATES.get(from)) || tunnel.apply(STATES.get(from))).as(as).isTrue();
      tunnel.heal(true);
      assertThat(anyNumber(network.things())).as(as).isEqualTo(anyNumber(before));
    }
    tunnel.takeDown(() -> {});
    assertThat(network.interfaces).as(as).isEmpty();
    assertThat(network.outside).as(as).isEmpty();
    assertThat(network.noted.getOrDefault("wg0", Set.of())).as(as).isEmpty();
  }

  /** What had to be made again has the next priority and table that are free. */
  private static String anyNumber(String things) {
    return CHOSEN.matcher(things).replaceAll("$1 N");
  }

  @Test
  void aTunnelGoesWhateverFailsAndWhatResistsStaysNoted() {
    for (String from : STATES.keySet()) {
      for (int step = 1; ; step++) {
        begin(from);
        network.failCalls(step);
        tunnel.takeDown(() -> {});
        List<String> failed = network.failNoMore();
        String as = from + ", call " + step + " " + failed;
        assertThat(network.interfaces).as(as).isEmpty();
        assertThat(tunnel.isThere()).as(as).isFalse();
        assertAllThatIsThereIsNoted(as);
        if (failed.isEmpty()) {
          assertThat(network.outside).as(as).isEmpty();
          break;
        }
      }
    }
  }

  @Test
  void ofSeveralTunnelsOnlyTheOneWhoseStepFailedIsAsBefore() {
    for (int step = 1; step < 400; step++) {
      begin("split");
      List<FileTunnel> all = List.of(tunnel, tunnel("wg1"), tunnel("wg2"));
      all.get(1).apply(STATES.get("full"));
      network.tables.add(51820);
      Map<String, String> before = statesByTunnel();
      network.failCalls(step);
      // One changes, one changes more, one comes.
      List<Boolean> applied =
          List.of(
              all.get(0).apply(STATES.get("gateway")),
              all.get(1).apply(STATES.get("all otherwise")),
              all.get(2).apply(STATES.get("full")));
      List<String> failed = network.failNoMore();
      if (failed.isEmpty()) {
        assertThat(applied).containsOnly(true);
        assertThat(step).isGreaterThan(30);
        return;
      }
      String as = "call " + step + " " + failed;
      assertThat(applied.stream().filter(done -> !done).count()).as(as).isLessThanOrEqualTo(1);
      for (int i = 0; i < all.size(); i++) {
        String name = all.get(i).name().value();
        if (applied.get(i)) {
          assertThat(statesByTunnel().get(name)).as(as).isNotEqualTo(before.get(name));
        } else {
          assertThat(statesByTunnel().get(name)).as(as).isEqualTo(before.get(name));
        }
      }
    }
    throw new AssertionError("never succeeds");
  }

  private Map<String, String> statesByTunnel() {
    Map<String, String> states = new TreeMap<>();
    for (String name : List.of("wg0", "wg1", "wg2")) {
      states.put(name, network.things(name));
    }
    return states;
  }

  private void begin(String state) {
    network = new FakeNetwork();
    tunnel = tunnel("wg0");
    if (!state.equals(NO_TUNNEL)) {
      assertThat(tunnel.apply(STATES.get(state))).isTrue();
    }
  }

  private List<String> codes() {
    return tunnel.findings().stream().map(Finding::code).toList();
  }

  private void assertNotedIsThere(String as) {
    assertThat(network.noted.getOrDefault("wg0", Set.of()))
        .as(as)
        .containsExactlyInAnyOrderElementsOf(network.outside.values());
  }

  private void assertAllThatIsThereIsNoted(String as) {
    assertThat(network.noted.getOrDefault("wg0", Set.of()))
        .as(as)
        .containsAll(network.outside.values());
  }

  private FileTunnel tunnel(String name) {
    return new FileTunnel(
        new InterfaceName(name),
        network,
        Confs.nothingKnown(),
        Confs.nothingUsed(),
        listener -> new Endpoints(executor, executor, InetAddress::ofLiteral, listener),
        new FakeHooks(),
        System::nanoTime,
        () -> {});
  }
}
