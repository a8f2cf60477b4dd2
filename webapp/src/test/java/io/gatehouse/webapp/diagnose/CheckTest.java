// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.diagnose;

import static io.gatehouse.webapp.Statuses.KEY;
import static io.gatehouse.webapp.Statuses.OTHER_KEY;
import static io.gatehouse.webapp.Statuses.drifting;
import static io.gatehouse.webapp.Statuses.peer;
import static io.gatehouse.webapp.Statuses.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.DriftLine;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.diagnose.Check.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckTest {
  private static final PeerStatus LISBON = peer(1, KEY, "Lisbon", 1_764_000_000, 1000);
  private static final PeerStatus PORTO = peer(2, OTHER_KEY, "Porto", 1_764_000_000, 1000);
  private static final TunnelStatus LISBON_ALONE = tunnel("wg0", List.of(LISBON));

  @Test
  void whatSomebodyHasChangedByHandMayBeWhy() {
    assertThat(check("file", drifting(LISBON_ALONE, line(KEY, false))))
        .isEqualTo(new Check("file", Verdict.BAD, "AllowedIPs"));
    assertThat(check("file", drifting(LISBON_ALONE, line(OTHER_KEY, false))).verdict())
        .as("of another peer")
        .isEqualTo(Verdict.GOOD);
    assertThat(check("file", drifting(LISBON_ALONE, line(KEY, true))).verdict())
        .as("on purpose")
        .isEqualTo(Verdict.GOOD);
  }

  @Test
  void aNetworkThatAnotherPeerHasTooMayBeWhy() {
    assertThat(check("networks", LISBON_ALONE)).isEqualTo(new Check("networks", Verdict.GOOD, ""));
    assertThat(check("networks", tunnel("wg0", List.of(LISBON, PORTO))))
        .isEqualTo(new Check("networks", Verdict.BAD, "192.168.200.0/24"));
  }

  private static DriftLine line(String key, boolean ignored) {
    return new DriftLine(
        9, PlanKind.PEER, "Lisbon (" + key + ")", "AllowedIPs", "10.0.0.2/32", "", ignored);
  }

  private static Check check(String key, TunnelStatus tunnel) {
    return Check.of(tunnel, LISBON).stream()
        .filter(check -> check.key().equals(key))
        .findFirst()
        .orElseThrow();
  }
}
