// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.webapp.Statuses;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkMapTest {
  @Test
  void peersAreAsTheFileHasThemButForThoseThatTakeEverything() {
    NetworkMap map = map(peer(1, "10.1.0.0/24"), peer(2), peer(3, "10.3.0.0/24", "::/0"));
    assertThat(map.branches())
        .extracting(branch -> branch.peer().number())
        .containsExactly(3, 1, 2);
    assertThat(map.branches().getFirst().networks())
        .extracting(NetworkMap.Network::everything)
        .containsExactly(false, true);
    assertThat(map.branches().getLast().networks()).isEmpty();
    assertThat(map.more()).isZero();
  }

  @Test
  void thousandsOfPeersAndNetworksAreCountedNotDrawn() {
    List<PeerStatus> peers = new ArrayList<>();
    for (int i = 1; i < 5000; i++) {
      peers.add(peer(i, "10.0.0." + i % 256 + "/32"));
    }
    peers.add(peer(5000, Collections.nCopies(100, "0.0.0.0/0").toArray(String[]::new)));
    NetworkMap map = map(peers.toArray(PeerStatus[]::new));
    assertThat(map.branches()).hasSize(NetworkMap.MOST_PEERS);
    assertThat(map.more()).isEqualTo(5000 - NetworkMap.MOST_PEERS);
    NetworkMap.Branch first = map.branches().getFirst();
    assertThat(first.peer().number()).isEqualTo(5000);
    assertThat(first.networks()).hasSize(NetworkMap.MOST_NETWORKS);
    assertThat(first.more()).isEqualTo(100 - NetworkMap.MOST_NETWORKS);
  }

  private static NetworkMap map(PeerStatus... peers) {
    return NetworkMap.of(Statuses.tunnel("wg0", List.of(peers)));
  }

  private static PeerStatus peer(int number, String... allowedIps) {
    return new PeerStatus(
        number,
        Statuses.KEY,
        "",
        PeerState.NEVER,
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
