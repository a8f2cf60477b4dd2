// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import static io.gatehouse.webapp.Statuses.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlapsTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/24, 10.0.0.0/24, SAME",
    "10.0.0.0/24, 10.0.0.7/32, HOLDS",
    "10.0.0.7/32, 10.0.0.0/24, WITHIN",
    "fd00::/8, fd00:1::/64, HOLDS"
  })
  void saysHowTheNetworkOfAnotherPeerLies(String ours, String theirs, Overlaps.Kind kind) {
    assertThat(overlaps(ours, theirs))
        .singleElement()
        .satisfies(
            overlap -> {
              assertThat(overlap.kind()).isEqualTo(kind);
              assertThat(overlap.peer().number()).isEqualTo(2);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/24, 10.0.1.0/24",
    "0.0.0.0/0, 10.0.0.0/24",
    "10.0.0.0/24, 0.0.0.0/0",
    "10.0.0.0/8, fd00::/8"
  })
  void saysNothingOfOthersNorOfTheDefault(String ours, String theirs) {
    assertThat(overlaps(ours, theirs)).isEmpty();
  }

  private static List<Overlaps.Overlap> overlaps(String ours, String theirs) {
    PeerStatus one = peer(1, ours);
    return Overlaps.of(tunnel("wg0", List.of(one, peer(2, theirs))), one, ours);
  }

  private static PeerStatus peer(int number, String prefix) {
    return new PeerStatus(
        number,
        "key " + number,
        "",
        PeerState.UP,
        "",
        List.of(prefix),
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
