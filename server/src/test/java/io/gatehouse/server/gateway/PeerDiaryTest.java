// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.PeerDiary.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** States and addresses of a peer are remembered, newest first, and not without end. */
class PeerDiaryTest {
  private final PeerDiary diary = new PeerDiary();

  private void see(long time, PeerState state, String endpoint) {
    PeerStatus peer =
        new PeerStatus(
            1,
            "key",
            "",
            state,
            endpoint,
            List.of(),
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
    see(time, List.of(peer));
  }

  private void see(long time, List<PeerStatus> peers) {
    TunnelStatus tunnel =
        new TunnelStatus(
            "wg0",
            "wg0.conf",
            TunnelStatus.State.UP,
            1,
            "",
            1,
            0,
            0,
            List.of(),
            peers,
            List.of(),
            0,
            0,
            0,
            0,
            0,
            0,
            List.of(),
            List.of(),
            0);
    diary.see(
        new GatewayView(
            Optional.of(
                new GatewayStatus("1", "/", 0, time * 1000, List.of(tunnel), Optional.empty())),
            true,
            Instant.EPOCH,
            ""));
  }

  @Test
  void whatChangesIsRememberedAndWhatWasAtTheStartIsNoChange() {
    see(1, PeerState.NEVER, "");
    see(2, PeerState.UP, "192.0.2.1:1");
    see(3, PeerState.UP, "192.0.2.1:1");
    see(4, PeerState.UP, "192.0.2.9:1");
    see(5, PeerState.DISABLED, "");
    see(6, PeerState.UP, "192.0.2.9:1");
    assertThat(diary.of("wg0", "key"))
        .containsExactly(
            new Entry(6, Optional.of(PeerState.UP), ""),
            new Entry(5, Optional.of(PeerState.DISABLED), ""),
            new Entry(4, Optional.empty(), "192.0.2.9:1"),
            new Entry(2, Optional.of(PeerState.UP), "192.0.2.1:1"));
  }

  @Test
  void thereIsAnEndOfItAndThePeerTakesItAlong() {
    for (int i = 0; i < 40; i++) {
      see(i, i % 2 == 0 ? PeerState.UP : PeerState.IDLE, "");
    }
    assertThat(diary.of("wg0", "key"))
        .hasSize(PeerDiary.KEPT)
        .first()
        .isEqualTo(new Entry(39, Optional.of(PeerState.IDLE), ""));
    see(50, List.of());
    assertThat(diary.of("wg0", "key")).isEmpty();
  }
}
