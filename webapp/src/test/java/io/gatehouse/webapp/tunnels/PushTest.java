// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import static io.gatehouse.webapp.Statuses.KEY;
import static io.gatehouse.webapp.Statuses.OTHER_KEY;
import static io.gatehouse.webapp.Statuses.gateway;
import static io.gatehouse.webapp.Statuses.peer;
import static io.gatehouse.webapp.Statuses.tunnel;
import static io.gatehouse.webapp.Statuses.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.server.gateway.GatewayView;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PushTest {
  private static final GatewayStatus BEFORE =
      gateway(100_000, tunnel("wg0", List.of(peer(1, KEY, "Lisbon", 90, 1024))));

  @Test
  void tellsANewBrowserEverything() {
    JsonObject message = Push.whole(live(BEFORE));
    assertThat(message.getBoolean("live")).isTrue();
    assertThat(message.getJsonObject("outline")).containsOnlyKeys("wg0");
    assertThat(message.getJsonObject("cells").getJsonObject("wg0/1/rx").getString("text"))
        .isEqualTo("1.00 KiB");
    assertThat(message.getJsonObject("cells").getJsonObject("wg0/1/state").getString("look"))
        .isEqualTo("up");
  }

  @Test
  void tellsOnlyTheCellsThatChanged() {
    GatewayStatus after =
        gateway(101_000, tunnel("wg0", List.of(peer(1, KEY, "Lisbon", 90, 2048))));
    assertThat(Push.between(live(BEFORE), live(after)).getJsonObject("cells"))
        .containsOnlyKeys("wg0/1/rx");
  }

  @Test
  void doesNotTellThatTimePasses() {
    GatewayStatus after =
        gateway(160_000, tunnel("wg0", List.of(peer(1, KEY, "Lisbon", 90, 1024))));
    assertThat(Push.between(live(BEFORE), live(after)).getJsonObject("cells")).isEmpty();
  }

  @Test
  void tellsANewHandshakeByItsMoment() {
    GatewayStatus after =
        gateway(101_000, tunnel("wg0", List.of(peer(1, KEY, "Lisbon", 100, 1024))));
    JsonObject cells = Push.between(live(BEFORE), live(after)).getJsonObject("cells");
    assertThat(cells).containsOnlyKeys("wg0/1/handshake");
    assertThat(cells.getJsonObject("wg0/1/handshake").getInt("since")).isEqualTo(100);
  }

  @Test
  void marksATunnelThatHasAnotherPeer() {
    GatewayStatus after =
        gateway(101_000, with(BEFORE.tunnels().getFirst(), peer(2, OTHER_KEY, "", 0, 0)));
    JsonObject message = Push.between(live(BEFORE), live(after));
    assertThat(message.getJsonObject("outline"))
        .isNotEqualTo(Push.whole(live(BEFORE)).getJsonObject("outline"));
  }

  @Test
  void saysThatTheDataPlaneIsGoneAndKeepsTheRest() {
    GatewayView gone =
        new GatewayView(Optional.of(BEFORE), false, Instant.ofEpochMilli(5000), "it ended");
    JsonObject message = Push.between(live(BEFORE), gone);
    assertThat(message.getBoolean("live")).isFalse();
    assertThat(message.getInt("since")).isEqualTo(5000);
    assertThat(message.getJsonObject("cells")).isEmpty();
    assertThat(message.getJsonObject("outline")).containsOnlyKeys("wg0");
  }

  private static GatewayView live(GatewayStatus status) {
    return new GatewayView(Optional.of(status), true, Instant.EPOCH, "");
  }
}
