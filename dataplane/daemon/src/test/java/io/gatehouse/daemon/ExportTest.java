// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.daemon.control.Caller;
import io.gatehouse.daemon.snmp.SnmpOptions;
import io.gatehouse.daemon.tunnels.MadeUpTunnels;
import io.gatehouse.linux.Rtnetlink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in clear are for those who may have them anyway, unless a setting says otherwise. */
class ExportTest {
  private static final ChangeOrigin WHY = new ChangeOrigin(ChangeSource.CONSOLE, "eve\n", "");
  private static final Caller CONSOLE = new Caller("console", false, false);
  private static final String FILE =
      "[Interface]\nPrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n";

  @TempDir private Path state;

  @Test
  void onlyRootAndTheDataPlanesUserHaveThemUnlessTheSettingAllowsIt() throws Exception {
    try (MadeUpTunnels tunnels = new MadeUpTunnels(state);
        SnmpDoor snmp =
            SnmpDoor.open(
                new SnmpOptions(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), state, "test"),
                tunnels.tunnels()::status,
                () -> 0)) {
      tunnels.drop("wg0.conf", FILE);
      ExportLog log = new ExportLog(state, () -> Instant.parse("2026-01-02T03:04:05Z"));
      MonitoringControl monitoring =
          new MonitoringControl(
              snmp,
              new MonitoringControl.Doors(
                  SnmpOptions.DEFAULT_ROOT, List.of(), Optional.empty(), Optional.empty(), false),
              () -> 0);
      RunningGateway strict =
          new RunningGateway(
              tunnels.tunnels(),
              Rtnetlink::open,
              new SnmpControl(snmp, text -> {}),
              monitoring,
              Backups.none(),
              log,
              false);
      RunningGateway open =
          new RunningGateway(
              tunnels.tunnels(),
              Rtnetlink::open,
              new SnmpControl(snmp, text -> {}),
              monitoring,
              Backups.none(),
              log,
              true);
      assertThatThrownBy(() -> strict.exportFile("wg0.conf", CONSOLE, WHY))
          .isInstanceOfSatisfying(
              ControlException.class,
              e ->
                  assertThat(e.findings())
                      .extracting(FindingStatus::code)
                      .containsExactly("EXPORT-REFUSED"));
      assertThat(strict.exportFile("wg0.conf", new Caller("admin", true, false), WHY).text())
          .isEqualTo(FILE);
      assertThat(open.exportFile("wg0.conf", CONSOLE, WHY).text()).isEqualTo(FILE);
      assertThat(open.exportFile("wg0.conf", CONSOLE, WHY).toString()).doesNotContain("yAnz5");
    }
    assertThat(Files.readAllLines(state.resolve("exports.log")))
        .hasSize(4)
        .first()
        .isEqualTo(
            "{\"time\":\"2026-01-02T03:04:05Z\",\"file\":\"wg0.conf\",\"granted\":false,\"user\":\"console\",\"source\":\"console\",\"author\":\"eve\\n"
                + "\",\"message\":\"\"}");
  }

  @Test
  void aFullRecordIsKeptAsTheOneBefore() throws Exception {
    ExportLog log = new ExportLog(state, Instant::now);
    Files.writeString(state.resolve("exports.log"), "x".repeat(1 << 20));
    log.record("wg0.conf", CONSOLE, WHY, true);
    assertThat(Files.readAllLines(state.resolve("exports.log"))).hasSize(1);
    assertThat(Files.size(state.resolve("exports.log.1"))).isEqualTo(1 << 20);
  }
}
