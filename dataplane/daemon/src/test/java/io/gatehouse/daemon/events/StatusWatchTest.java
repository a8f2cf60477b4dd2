// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import static io.gatehouse.daemon.Statuses.KEY_1;
import static io.gatehouse.daemon.Statuses.KEY_2;
import static io.gatehouse.daemon.Statuses.drifted;
import static io.gatehouse.daemon.Statuses.gateway;
import static io.gatehouse.daemon.Statuses.peer;
import static io.gatehouse.daemon.Statuses.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which changes of a gateway are worth an event, in simulated time. */
class StatusWatchTest {
  private static final long START = 1_795_000_000L;

  private final StatusWatch watch = new StatusWatch();
  private long seconds;

  private List<String> look(TunnelStatus... tunnels) {
    return watch.look(gateway((START + seconds) * 1000, tunnels), seconds * 1_000_000_000L).stream()
        .map(Event::name)
        .toList();
  }

  /** Looks every other second for a while. */
  private List<String> watchFor(int length, TunnelStatus... tunnels) {
    List<String> names = new ArrayList<>();
    for (long end = seconds + length; seconds < end; seconds += 2) {
      names.addAll(look(tunnels));
    }
    return names;
  }

  private static PeerStatus silent(PeerState state, int keepalive, List<String> tags) {
    return peer(1, KEY_1, "", state, keepalive, 0, tags, 0, 0);
  }

  private static PeerStatus retrying(long since) {
    return peer(1, KEY_1, "", PeerState.RETRYING, 25, since, List.of(), 0, 0);
  }

  @Test
  void whatIsSoAtTheFirstLookIsNoEvent() {
    assertThat(
            watchFor(
                600,
                tunnel(peer(KEY_1, PeerState.UP), peer(KEY_2, PeerState.NEVER)),
                tunnel("wg1", TunnelStatus.State.DOWN, 8, true)))
        .isEmpty();
  }

  @Test
  void aPeerThatLosesItsSessionIsDownAfterHalfAMinuteAndUpAgainAfterAMoment() {
    watchFor(10, tunnel(peer(KEY_1, PeerState.UP)));
    assertThat(watchFor(30, tunnel(peer(KEY_1, PeerState.IDLE)))).isEmpty();
    assertThat(watchFor(600, tunnel(peer(KEY_1, PeerState.RETRYING))))
        .containsExactly("wgPeerDown");
    assertThat(watchFor(4, tunnel(peer(KEY_1, PeerState.UP)))).isEmpty();
    assertThat(watchFor(600, tunnel(peer(KEY_1, PeerState.UP)))).containsExactly("wgPeerUp");
  }

  @Test
  void driftIsSaidWhenItLastsAndWhenItIsOverForGood() {
    watchFor(10, tunnel());
    assertThat(watchFor(10, drifted())).isEmpty();
    assertThat(watchFor(600, drifted())).containsExactly("wgDeviceDriftChanged");
    assertThat(watchFor(30, tunnel())).isEmpty();
    assertThat(watchFor(600, tunnel())).containsExactly("wgDeviceDriftChanged");
  }

  @Test
  void driftThatIsPutRightAtOnceOrComesAndGoesIsNoEvent() {
    watchFor(10, tunnel());
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      said.addAll(watchFor(8, drifted()));
      said.addAll(watchFor(4, tunnel()));
    }
    assertThat(said).isEmpty();
  }

  @Test
  void driftOfATunnelThatGoesIsNotSaidToBeOver() {
    watchFor(10, tunnel());
    watchFor(60, drifted());
    assertThat(watchFor(600, tunnel("wg0", TunnelStatus.State.DOWN, 0, false)))
        .containsExactly("linkDown");
  }

  @Test
  void whatIsIgnoredIsNotCounted() {
    Event.DriftChanged event = new Event.DriftChanged(drifted(), drifted().effectiveDrift());
    assertThat(event.about())
        .containsEntry("drift", "1")
        .containsEntry("why", "device listen port: the file says 51820, and 4000 runs");
  }

  @Test
  void aPeerThatComesAndGoesQuicklyIsNotSaid() {
    watchFor(10, tunnel(peer(KEY_1, PeerState.UP)));
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      said.addAll(watchFor(20, tunnel(peer(KEY_1, PeerState.IDLE))));
      said.addAll(watchFor(4, tunnel(peer(KEY_1, PeerState.UP))));
    }
    assertThat(said).isEmpty();
  }

  @Test
  void whoeverSendsNothingForAWhileIsNotDownUnlessAskedFor() {
    watchFor(10, tunnel(silent(PeerState.UP, 0, List.of())));
    assertThat(watchFor(600, tunnel(silent(PeerState.IDLE, 0, List.of())))).isEmpty();
    assertThat(watchFor(600, tunnel(silent(PeerState.UP, 0, List.of())))).isEmpty();

    assertThat(watchFor(600, tunnel(silent(PeerState.IDLE, 0, List.of("vpn", "notify")))))
        .containsExactly("wgPeerDown");
  }

  @Test
  void upAndDownAlwaysTakeTurns() {
    Random random = new Random(7);
    List<String> said = new ArrayList<>();
    PeerState[] states = {PeerState.UP, PeerState.IDLE, PeerState.RETRYING, PeerState.NEVER};
    watchFor(2, tunnel(peer(KEY_1, PeerState.UP)));
    for (int i = 0; i < 2000; i++) {
      said.addAll(
          watchFor(2 * random.nextInt(1, 30), tunnel(peer(KEY_1, states[random.nextInt(4)]))));
    }
    assertThat(said).hasSizeGreaterThan(100);
    for (int i = 0; i < said.size(); i++) {
      assertThat(said.get(i)).isEqualTo(i % 2 == 0 ? "wgPeerDown" : "wgPeerUp");
    }
  }

  @Test
  void failingHandshakesAreSaidOnceForEachRunAndNotAgainWithinFiveMinutes() {
    watchFor(2, tunnel(silent(PeerState.UP, 0, List.of())));
    TunnelStatus failing = tunnel(retrying(START + 2));
    assertThat(watchFor(30, failing)).isEmpty();
    assertThat(watchFor(1000, failing)).containsOnlyOnce("wgPeerHandshakeFailed");

    // The stamp of one run may seem to move by a second, since it is told as an age.
    assertThat(watchFor(100, tunnel(retrying(START + 3)))).isEmpty();

    watchFor(10, tunnel(silent(PeerState.UP, 0, List.of())));
    assertThat(watchFor(100, tunnel(retrying(START + seconds)))).contains("wgPeerHandshakeFailed");
    watchFor(10, tunnel(silent(PeerState.UP, 0, List.of())));
    assertThat(watchFor(100, tunnel(retrying(START + seconds))))
        .doesNotContain("wgPeerHandshakeFailed");
  }

  @Test
  void theEndOfAQuotaAndOfATimeHaveNamesOfTheirOwn() {
    watchFor(10, tunnel(peer(KEY_1, PeerState.UP), peer(KEY_2, PeerState.UP)));
    assertThat(
            watchFor(
                600, tunnel(peer(KEY_1, PeerState.OVER_QUOTA), peer(KEY_2, PeerState.EXPIRED))))
        .containsExactly("wgPeerQuotaReached", "wgPeerExpired");
    assertThat(watchFor(600, tunnel(peer(KEY_1, PeerState.NEVER), peer(KEY_2, PeerState.DISABLED))))
        .isEmpty();
    assertThat(watchFor(600, tunnel(peer(KEY_1, PeerState.UP), peer(KEY_2, PeerState.DISABLED))))
        .containsExactly("wgPeerUp");
  }

  @Test
  void aPeerThatIsTakenOutOfTheFileIsNoEvent() {
    watchFor(10, tunnel(peer(KEY_1, PeerState.UP), peer(KEY_2, PeerState.UP)));
    assertThat(watchFor(600, tunnel(peer(KEY_2, PeerState.UP)))).isEmpty();
    assertThat(watchFor(600, tunnel(peer(KEY_1, PeerState.IDLE), peer(KEY_2, PeerState.UP))))
        .isEmpty();
  }

  @Test
  void linksAreSaidAtOnceAlsoWhenTheyComeAndGo() {
    watchFor(2, tunnel());
    assertThat(look(tunnel("wg0", TunnelStatus.State.DOWN, 7, false))).containsExactly("linkDown");
    assertThat(look(tunnel())).containsExactly("linkUp");
    assertThat(look(tunnel(), tunnel("wg1", TunnelStatus.State.UP, 9, false)))
        .containsExactly("linkUp");
    assertThat(look(tunnel())).containsExactly("linkDown");
    assertThat(look(tunnel("wg0", TunnelStatus.State.FAILED, 0, false)))
        .containsExactly("linkDown");
    assertThat(look()).isEmpty();
  }

  @Test
  void theInterfaceOfALinkThatIsGoneIsTheOneItHad() {
    watch.look(gateway(0, tunnel()), 0);
    List<Event> events =
        watch.look(gateway(0, tunnel("wg0", TunnelStatus.State.FAILED, 0, false)), 1);
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            Event.LinkDown.class, down -> assertThat(down.tunnel().ifIndex()).isEqualTo(7));
  }

  @Test
  void loadIsSaidAtOnceAndItsEndAfterACalmMinute() {
    TunnelStatus busy = tunnel("wg0", TunnelStatus.State.UP, 7, true);
    watchFor(2, tunnel());
    assertThat(watchFor(2, busy)).containsExactly("wgDeviceLoadChanged");
    assertThat(watchFor(100, busy)).isEmpty();
    for (int i = 0; i < 5; i++) {
      assertThat(watchFor(50, tunnel())).isEmpty();
      assertThat(watchFor(2, busy)).isEmpty();
    }
    assertThat(watchFor(60, tunnel())).isEmpty();
    assertThat(watchFor(4, tunnel())).containsExactly("wgDeviceLoadChanged");
  }
}
