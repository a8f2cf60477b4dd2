// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.metrics.GatewayMetrics;
import io.gatehouse.control.metrics.MetricsForm;
import io.gatehouse.daemon.Statuses;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard and the rules of etc/monitoring ask for metrics and labels that there are. */
class DashboardTest {
  private static final Path MONITORING = Path.of("../../etc/monitoring");

  private final String page =
      GatewayMetrics.text(
          Statuses.gateway(0, Statuses.tunnel(Statuses.peer(Statuses.KEY_1, PeerState.UP))),
          MetricsForm.PROMETHEUS);

  private void asksForWhatThereIs(String text) {
    Matcher metric = Pattern.compile("\\b(?:wireguard|gatehouse)_[a-z_0-9]+").matcher(text);
    Set<String> asked = new TreeSet<>();
    while (metric.find()) {
      asked.add(metric.group());
    }
    assertThat(asked).hasSizeGreaterThan(6);
    for (String name : asked) {
      assertThat(page).as(name).containsPattern("(?m)^" + name + "[{ ]");
    }
  }

  @Test
  void rulesAskForWhatThereIs() throws IOException {
    String rules = Files.readString(MONITORING.resolve("prometheus-rules.yml"));

    asksForWhatThereIs(rules);
    Matcher label = Pattern.compile("\\$labels\\.(\\w+)").matcher(rules);
    while (label.find()) {
      assertThat(page + "instance=\"").contains(label.group(1) + "=\"");
    }
    Matcher state = Pattern.compile("state=~\"([^\"]+)\"").matcher(rules);
    assertThat(state.find()).isTrue();
    assertThat(
            Arrays.stream(PeerState.values())
                .filter(known -> !known.isInForce())
                .map(known -> known.name().toLowerCase(Locale.ROOT)))
        .containsExactlyInAnyOrder(state.group(1).split("\\|", -1));
  }

  @Test
  void dashboardAsksForWhatThereIs() throws IOException {
    String text = Files.readString(MONITORING.resolve("grafana-dashboard.json"));
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      JsonObject dashboard = reader.readObject();
      assertThat(dashboard.getJsonArray("panels")).hasSizeGreaterThan(8);
    }
    asksForWhatThereIs(text);
  }
}
