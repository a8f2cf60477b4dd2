// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.config;
import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which peers are in force, and for how long that is so. */
class PeerLimitsTest {
  private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");
  private static final Instant NEW_YEAR = Instant.parse("2029-12-31T23:00:00Z");

  private final Map<PublicKey, Long> used = new HashMap<>();

  @Test
  void withoutLimitsEverybodyIsInForceForEver() {
    TunnelConfig file = config(text("", peer(1, ""), peer(2, "")));
    assertThat(PeerLimits.of(file).isEmpty()).isTrue();
    assertThat(at(file, NEW_YEAR)).isEqualTo(Withheld.NONE);
    assertThat(Withheld.NONE.inForce(file)).isSameAs(file);
  }

  @Test
  void aPeerExpiresAtItsInstantAndNotBefore() {
    TunnelConfig file = config(text("", peer(1, expires("2029-12-31T23:00:00Z")), peer(2, "")));
    Withheld before = at(file, NEW_YEAR.minusNanos(1));
    assertThat(before.peers()).isEmpty();
    assertThat(before.until()).isEqualTo(NEW_YEAR);
    Withheld after = at(file, NEW_YEAR);
    assertThat(after.peers()).containsOnly(Map.entry(key(1), PeerState.EXPIRED));
    assertThat(after.inForce(file).peers()).map(PeerConfig::publicKey).containsExactly(key(2));
    assertThat(after.until()).isEqualTo(Instant.MAX);
    assertThat(after.holdsAt(NEW_YEAR.plusSeconds(1_000_000_000))).isTrue();
  }

  @Test
  void aClockThatIsSetBackBringsItBack() {
    TunnelConfig file = config(text("", peer(1, expires("2029-12-31T23:00:00Z"))));
    assertThat(at(file, NEW_YEAR.plusSeconds(5)).holdsAt(NEW_YEAR.minusSeconds(1))).isFalse();
  }

  @Test
  void aQuotaIsUsedUpAtItsLastOctetAndFreeAgainInTheNextPeriod() {
    TunnelConfig file = config(text("", peer(1, quota("1000 B/month"))));
    Instant silvester = NEW_YEAR.minusSeconds(1);
    used.put(key(1), 999L);
    assertThat(at(file, silvester).peers()).isEmpty();
    used.put(key(1), 1000L);
    Withheld over = at(file, silvester);
    assertThat(over.peers()).containsOnly(Map.entry(key(1), PeerState.OVER_QUOTA));
    assertThat(over.until()).isEqualTo(NEW_YEAR);
    used.clear();
    assertThat(at(file, NEW_YEAR).peers()).isEmpty();
  }

  @Test
  void whoHasExpiredAndIsOverQuotaHasExpired() {
    TunnelConfig file =
        config(text("", peer(1, expires("2029-01-01T00:00:00Z") + quota("1 B/total"))));
    used.put(key(1), 7L);
    assertThat(at(file, NEW_YEAR).peers()).containsOnly(Map.entry(key(1), PeerState.EXPIRED));
  }

  @Test
  void anAnswerHoldsAsLongAsItSaysAndNoLonger() {
    Random random = new Random(5182);
    for (int round = 0; round < 300; round++) {
      TunnelConfig file = random(random);
      Instant now = NEW_YEAR.plusSeconds(random.nextInt(-5_000_000, 5_000_000));
      Withheld answer = at(file, now);
      assertThat(answer.holdsAt(now)).isTrue();
      Instant other = NEW_YEAR.plusSeconds(random.nextInt(-5_000_000, 5_000_000));
      if (answer.holdsAt(other)) {
        assertThat(at(file, other).peers()).isEqualTo(answer.peers());
      }
      for (PeerConfig peer : file.peers()) {
        // None of its own instants is passed over.
        peer.metadata()
            .expires()
            .ifPresent(
                end ->
                    assertThat(answer.holdsAt(end) && answer.holdsAt(end.minusNanos(1))).isFalse());
      }
    }
  }

  private TunnelConfig random(Random random) {
    List<String> periods = List.of("day", "week", "month", "total");
    List<String> peers = new ArrayList<>();
    used.clear();
    for (int i = 0; i < random.nextInt(6); i++) {
      String lines = "";
      if (random.nextBoolean()) {
        lines += expires(NEW_YEAR.plusSeconds(random.nextInt(-5_000_000, 5_000_000)).toString());
      }
      if (random.nextBoolean()) {
        lines += quota("50 B/" + periods.get(random.nextInt(4)));
        used.put(key(i), random.nextLong(100));
      }
      peers.add(peer(i, lines));
    }
    return config(text("", peers.toArray(String[]::new)));
  }

  private Withheld at(TunnelConfig file, Instant now) {
    return PeerLimits.of(file).at(now, VIENNA, (peer, period) -> used.getOrDefault(peer, 0L));
  }

  private static String expires(String when) {
    return "# gatehouse.expires = " + when + "\n";
  }

  private static String quota(String quota) {
    return "# gatehouse.quota = " + quota + "\n";
  }
}
