// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.metrics;

import static io.gatehouse.daemon.Statuses.KEY_1;
import static io.gatehouse.daemon.Statuses.KEY_2;
import static io.gatehouse.daemon.Statuses.drifted;
import static io.gatehouse.daemon.Statuses.gateway;
import static io.gatehouse.daemon.Statuses.peer;
import static io.gatehouse.daemon.Statuses.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.DropStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.control.metrics.GatewayMetrics;
import io.gatehouse.control.metrics.MetricsForm;
import io.gatehouse.protocol.DropReason;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayMetricsTest {
  private static final String PEER =
      "{interface=\"wg0\",public_key=\"" + KEY_1 + "\",friendly_name=\"laptop\"} ";

  private final GatewayStatus status =
      gateway(
          0,
          tunnel(
              peer(KEY_1, PeerState.UP),
              peer(2, KEY_2, "", PeerState.NEVER, 0, 0, List.of(), 0, 0)),
          tunnel("bad", TunnelStatus.State.FAILED, 0, false));

  @Test
  void whatTheFieldsExporterTellsHasItsNamesAndLabels() {
    assertThat(GatewayMetrics.text(status, MetricsForm.PROMETHEUS).lines())
        .contains(
            "wireguard_sent_bytes_total" + PEER + "2000",
            "wireguard_received_bytes_total" + PEER + "1000",
            "wireguard_latest_handshake_seconds" + PEER + "1795000200",
            "# TYPE wireguard_sent_bytes_total counter",
            "# TYPE wireguard_received_bytes_total counter",
            "# TYPE wireguard_latest_handshake_seconds gauge");
  }

  @Test
  void aPeerThatNeverShookHandsHasZeroThere() {
    assertThat(GatewayMetrics.text(status, MetricsForm.PROMETHEUS))
        .contains(
            "wireguard_latest_handshake_seconds{interface=\"wg0\",public_key=\""
                + KEY_2
                + "\",friendly_name=\"\"} 0\n");
  }

  @Test
  void dropsAreThoseOfThePeersAndOfNobodyAndEveryReasonIsThere() {
    String text = GatewayMetrics.text(status, MetricsForm.PROMETHEUS);

    assertThat(text)
        .contains("wireguard_drops_total{interface=\"wg0\",reason=\"bad_mac1\"} 5\n")
        .contains("wireguard_drops_total{interface=\"wg0\",reason=\"replayed\"} 6\n")
        .contains("wireguard_drops_total{interface=\"wg0\",reason=\"socket_failed\"} 0\n");
    assertThat(text.lines().filter(line -> line.startsWith("wireguard_drops_total"))).hasSize(18);
  }

  @Test
  void driftIsCountedWithoutWhatIsIgnored() {
    assertThat(GatewayMetrics.text(gateway(0, drifted()), MetricsForm.PROMETHEUS))
        .contains("wireguard_interface_drift{interface=\"wg0\"} 1\n");
    assertThat(GatewayMetrics.text(status, MetricsForm.PROMETHEUS))
        .contains("wireguard_interface_drift{interface=\"wg0\"} 0\n");
  }

  @Test
  void whatCameAndWentByTheUdpPortIsCounted() {
    assertThat(GatewayMetrics.text(status, MetricsForm.PROMETHEUS))
        .contains("wireguard_udp_received_datagrams_total{interface=\"wg0\"} 41\n")
        .contains("wireguard_udp_sent_datagrams_total{interface=\"wg0\"} 42\n")
        .contains("wireguard_udp_received_bytes_total{interface=\"wg0\"} 43\n")
        .contains("wireguard_udp_sent_bytes_total{interface=\"wg0\"} 44\n");
  }

  @Test
  void theContractKnowsAllReasonsInTheirOrder() {
    assertThat(DropStatus.REASONS)
        .isEqualTo(Arrays.stream(DropReason.values()).map(DropReason::name).toList());
  }

  @Test
  void whatHasNoInterfaceHasNoMetrics() {
    assertThat(GatewayMetrics.text(status, MetricsForm.PROMETHEUS)).doesNotContain("\"bad\"");
  }

  @ParameterizedTest
  @EnumSource(MetricsForm.class)
  void everyLineHasTheFormsGrammarAndEverySeriesComesOnce(MetricsForm form) {
    String text = GatewayMetrics.text(status, form);
    Pattern sample =
        Pattern.compile(
            "([a-z0-9_]+)((?:\\{[a-z_]+=\"[^\"\n]*\"(?:,[a-z_]+=\"[^\"\n]*\")*})?) \\d+");
    Map<String, String> types = new HashMap<>();
    Set<String> series = new HashSet<>();
    String family = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", -1);
        family = words[2];
        assertThat(types.put(family, words[3])).as(family + " begins once").isNull();
      } else if (!line.startsWith("# HELP ") && !line.equals("# EOF")) {
        Matcher matcher = sample.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        boolean total = form == MetricsForm.OPENMETRICS && "counter".equals(types.get(family));
        assertThat(matcher.group(1)).isEqualTo(total ? family + "_total" : family);
        assertThat(series.add(matcher.group(1) + matcher.group(2))).as(line).isTrue();
        assertThat(matcher.group(1).endsWith("_total"))
            .isEqualTo("counter".equals(types.get(family)));
      }
    }
    assertThat(text.endsWith("# EOF\n")).isEqualTo(form == MetricsForm.OPENMETRICS);
    assertThat(types).hasSizeGreaterThan(25);
  }

  @Test
  void namesOfPeersAreEscaped() {
    GatewayStatus odd =
        gateway(0, tunnel(peer(1, KEY_1, "a\"b\\c\nd", PeerState.UP, 0, 0, List.of(), 1, 1)));

    assertThat(GatewayMetrics.text(odd, MetricsForm.PROMETHEUS))
        .contains("friendly_name=\"a\\\"b\\\\c\\nd\"");
  }

  @ParameterizedTest
  @ValueSource(longs = {4294967295L, 4294967296L, Long.MAX_VALUE, -2, -1})
  void countersAreWholeUpToTheLastBit(long value) {
    GatewayStatus large =
        gateway(0, tunnel(peer(1, KEY_1, "laptop", PeerState.UP, 0, 0, List.of(), value, 1)));

    assertThat(GatewayMetrics.text(large, MetricsForm.PROMETHEUS))
        .contains("wireguard_received_bytes_total" + PEER + Long.toUnsignedString(value) + "\n");
  }
}
