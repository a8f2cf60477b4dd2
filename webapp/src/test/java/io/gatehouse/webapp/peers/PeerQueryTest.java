// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import static io.gatehouse.webapp.Statuses.KEY;
import static io.gatehouse.webapp.Statuses.OTHER_KEY;
import static io.gatehouse.webapp.Statuses.peer;
import static io.gatehouse.webapp.Statuses.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.peers.PeerQuery.Order;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerQueryTest {
  private static final List<TunnelStatus> TUNNELS =
      List.of(
          tunnel(
              "wg0", List.of(peer(1, KEY, "Lisbon", 90, 500), peer(2, OTHER_KEY, "berlin", 0, 0))),
          tunnel("wg1", List.of(peer(1, KEY, "Porto", 95, 700))));

  @Test
  void allPeersOfAllTunnelsByName() {
    assertThat(names(query("", "", Optional.empty(), Order.NAME, false)))
        .containsExactly("berlin", "Lisbon", "Porto");
  }

  @Test
  void everyWordMustBeSomewhere() {
    assertThat(names(query("lis 192.168", "", Optional.empty(), Order.NAME, false)))
        .containsExactly("Lisbon");
    assertThat(names(query("lis porto", "", Optional.empty(), Order.NAME, false))).isEmpty();
    assertThat(names(query(KEY.substring(3, 20), "", Optional.empty(), Order.NAME, false)))
        .containsExactly("Lisbon", "Porto");
  }

  @Test
  void ofOneTunnelOrInOneState() {
    assertThat(names(query("", "wg1", Optional.empty(), Order.NAME, false)))
        .containsExactly("Porto");
    assertThat(names(query("", "", Optional.of(PeerState.NEVER), Order.NAME, false)))
        .containsExactly("berlin");
  }

  @Test
  void theLargestFirst() {
    assertThat(names(query("", "", Optional.empty(), Order.RECEIVED, true)))
        .containsExactly("Porto", "Lisbon", "berlin");
  }

  private static PeerQuery query(
      String text, String tunnel, Optional<PeerState> state, Order order, boolean descending) {
    return new PeerQuery(text, tunnel, state, order, descending);
  }

  private static List<String> names(PeerQuery query) {
    return query.in(TUNNELS).stream().map(row -> row.peer().name()).toList();
  }
}
