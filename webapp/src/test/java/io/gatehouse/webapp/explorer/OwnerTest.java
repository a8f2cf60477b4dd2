// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.PlanChange;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.PlanLine;
import io.gatehouse.control.PlanOutcome;
import io.gatehouse.control.TunnelPlan;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.Statuses;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnerTest {
  private static final String LISBON = Statuses.KEY;
  private static final String PORTO = Statuses.OTHER_KEY;
  private static final String OSLO = "lL6wiiW8H7TkfXweegHIYJexhjUiahIg4By87Txwr7o=";

  private static final List<TunnelStatus> RUNNING =
      List.of(
          Statuses.tunnel(
              "wg0",
              List.of(
                  peer(LISBON, "Lisbon", PeerState.UP, "0.0.0.0/0", "::/0"),
                  peer(PORTO, "Porto", PeerState.NEVER, "10.8.2.0/24"),
                  peer(OSLO, "", PeerState.DISABLED, "10.8.2.7/32"))));

  @Test
  void theLongestPrefixOfAPeerInForceCounts() {
    assertThat(now("10.8.2.7")).hasValue("Porto 10.8.2.0/24");
    assertThat(now("10.8.3.7")).hasValue("Lisbon 0.0.0.0/0");
    assertThat(now("fd00::1")).hasValue("Lisbon ::/0");
    assertThat(now("no address")).isEmpty();
  }

  @Test
  void aPeerThatComesTakesItsNetworksFromWhoeverHadThem() {
    PlanLine oslo = line(PlanChange.ADDED, OSLO, "", "AllowedIPs 10.8.2.0/24, Endpoint [::1]:7");
    assertThat(then("10.8.2.7", PlanOutcome.CHANGES, oslo)).hasValue(OSLO + " 10.8.2.0/24");
    assertThat(then("10.8.2.7", PlanOutcome.NOT_APPLIED, oslo)).hasValue("Porto 10.8.2.0/24");
  }

  @Test
  void aPeerThatGoesLeavesThemToTheNextLonger() {
    PlanLine gone = line(PlanChange.REMOVED, "Porto (" + PORTO + ")", "", "");
    assertThat(then("10.8.2.7", PlanOutcome.CHANGES, gone)).hasValue("Lisbon 0.0.0.0/0");
    assertThat(then("10.8.2.7", PlanOutcome.GOES_DOWN)).isEmpty();
  }

  @Test
  void onlyItsAllowedIpsSayWhatAPeerHas() {
    PlanLine less = line(PlanChange.CHANGED, "Lisbon (" + LISBON + ")", "AllowedIPs", "::/0");
    PlanLine endpoint = line(PlanChange.CHANGED, PORTO, "Endpoint", "203.0.113.7:51820");
    assertThat(then("10.8.3.7", PlanOutcome.CHANGES, less)).isEmpty();
    assertThat(then("10.8.2.7", PlanOutcome.CHANGES, endpoint)).hasValue("Porto 10.8.2.0/24");
  }

  private static Optional<String> now(String address) {
    return words(Owner.now(RUNNING, address));
  }

  private static Optional<String> then(String address, PlanOutcome outcome, PlanLine... lines) {
    TunnelPlan plan = new TunnelPlan("wg0", "wg0.conf", outcome, List.of(lines), List.of());
    return words(Owner.then(RUNNING, List.of(plan), address));
  }

  private static Optional<String> words(Optional<Owner> owner) {
    return owner.map(one -> one.peer() + " " + one.prefix());
  }

  private static PlanLine line(PlanChange change, String subject, String setting, String after) {
    return new PlanLine(PlanKind.PEER, change, subject, setting, "", after, 0);
  }

  private static PeerStatus peer(String key, String name, PeerState state, String... allowedIps) {
    return new PeerStatus(
        1,
        key,
        name,
        state,
        "",
        List.of(allowedIps),
        false,
        0,
        0,
        -1,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        0,
        Optional.empty(),
        List.of(),
        "");
  }
}
