// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import static io.gatehouse.webapp.Statuses.KEY;
import static io.gatehouse.webapp.Statuses.OTHER_KEY;
import static io.gatehouse.webapp.Statuses.gateway;
import static io.gatehouse.webapp.Statuses.peer;
import static io.gatehouse.webapp.Statuses.tunnel;
import static io.gatehouse.webapp.Statuses.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.server.gateway.GatewayView;
import io.gatehouse.server.gateway.Rates;
import io.gatehouse.webapp.Texts;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatcherTest {
  private static final GatewayStatus BEFORE =
      gateway(100_000, tunnel("wg0", List.of(peer(1, KEY, "Lisbon", 90, 1024))));

  private final Watcher watcher = new Watcher(Texts.in(Locale.ENGLISH));

  @BeforeEach
  void watchesATunnelAndItsPeer() {
    watcher.watch(List.of(new Subject("wg0", 0), new Subject("wg0", 1)));
  }

  @Test
  void isToldEverythingAtFirst() {
    JsonObject message = tell(live(BEFORE));
    assertThat(message.getBoolean("live")).isTrue();
    assertThat(message.getJsonObject("marks")).containsOnlyKeys("wg0", "wg0/1");
    assertThat(message.getJsonObject("cells").getJsonObject("wg0/1/rx").getString("text"))
        .isEqualTo("1.00 KiB");
    assertThat(message.getJsonObject("cells").getJsonObject("wg0/1/state").getString("look"))
        .isEqualTo("up");
  }

  @Test
  void isToldOnlyWhatItsPageShows() {
    watcher.watch(List.of(new Subject("wg0", 1)));
    assertThat(tell(live(BEFORE)).getJsonObject("cells").keySet())
        .isNotEmpty()
        .allMatch(name -> name.startsWith("wg0/1/"));
  }

  @Test
  void isToldOnlyTheCellsThatChanged() {
    tell(live(BEFORE));
    GatewayStatus after =
        gateway(101_000, tunnel("wg0", List.of(peer(1, KEY, "Lisbon", 90, 2048))));
    assertThat(tell(live(after)).getJsonObject("cells")).containsOnlyKeys("wg0/1/rx");
  }

  @Test
  void isToldNothingWhenOnlyTimePasses() {
    tell(live(BEFORE));
    GatewayStatus after =
        gateway(160_000, tunnel("wg0", List.of(peer(1, KEY, "Lisbon", 90, 1024))));
    assertThat(watcher.news(moment(live(after)), false)).isEmpty();
    assertThat(watcher.news(moment(live(after)), true)).isPresent();
  }

  @Test
  void isToldANewHandshakeByItsMoment() {
    tell(live(BEFORE));
    GatewayStatus after =
        gateway(101_000, tunnel("wg0", List.of(peer(1, KEY, "Lisbon", 100, 1024))));
    JsonObject cells = tell(live(after)).getJsonObject("cells");
    assertThat(cells).containsOnlyKeys("wg0/1/handshake");
    assertThat(cells.getJsonObject("wg0/1/handshake").getInt("since")).isEqualTo(100);
  }

  @Test
  void seesByItsMarkThatATunnelHasAnotherPeer() {
    String mark = tell(live(BEFORE)).getJsonObject("marks").getString("wg0");
    GatewayStatus after =
        gateway(101_000, with(BEFORE.tunnels().getFirst(), peer(2, OTHER_KEY, "", 0, 0)));
    assertThat(tell(live(after)).getJsonObject("marks").getString("wg0")).isNotEqualTo(mark);
  }

  @Test
  void isToldThatTheDataPlaneIsGoneAndKeepsTheRest() {
    tell(live(BEFORE));
    GatewayView gone =
        new GatewayView(Optional.of(BEFORE), false, Instant.ofEpochMilli(5000), "it ended");
    JsonObject message = tell(gone);
    assertThat(message.getBoolean("live")).isFalse();
    assertThat(message.getInt("since")).isEqualTo(5000);
    assertThat(message.getJsonObject("cells").keySet()).allMatch(name -> name.endsWith("rate"));
  }

  @Test
  void isToldOfACommitThatWaits() {
    CommitStatus commit =
        new CommitStatus(
            "0123", 90_000, 400_000, new ChangeOrigin(ChangeSource.CONSOLE, "ana", "new port"));
    GatewayStatus waiting =
        new GatewayStatus("0.1", "/etc", 1, 100_000, BEFORE.tunnels(), Optional.of(commit));
    assertThat(tell(live(waiting)).getJsonObject("commit").getInt("deadline")).isEqualTo(400_000);
    assertThat(tell(live(BEFORE))).doesNotContainKey("commit");
  }

  private JsonObject tell(GatewayView view) {
    return watcher.news(moment(view), false).orElseThrow();
  }

  private static Moment moment(GatewayView view) {
    return new Moment(view, new Rates());
  }

  private static GatewayView live(GatewayStatus status) {
    return new GatewayView(Optional.of(status), true, Instant.EPOCH, "");
  }
}
