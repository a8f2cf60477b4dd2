// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.config;
import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Quota.Period;
import io.gatehouse.wgquick.TunnelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts of what passes, and for how long. */
class QuotaUsageTest {
  private static final InterfaceName WG0 = new InterfaceName("wg0");

  @TempDir private Path path;
  private final SimulatedClock clock = new SimulatedClock("2029-12-31T12:00:00Z");
  private QuotaUsage usage;

  @BeforeEach
  void start() throws IOException {
    usage = QuotaUsage.read(path.resolve("quota-usage"), clock);
  }

  @Test
  void whatPassedBeforeTheFirstReadingDoesNotCountAndBothDirectionsDoAfterIt() {
    read("day", 1000, 2000);
    assertThat(used(Period.DAY)).isZero();
    read("day", 1003, 2004);
    assertThat(used(Period.DAY)).isEqualTo(7);
  }

  @Test
  void aPeerThatComesBackGoesOnWhereItWas() {
    read("day", 0, 0);
    read("day", 5, 5);
    usage.count(WG0, file("day").peers(), Map.of());
    read("day", 0, 0);
    read("day", 20, 0);
    assertThat(used(Period.DAY)).isEqualTo(30);
  }

  @Test
  void countersThatBeganAnewUnseenCountFromZero() {
    read("day", 0, 0);
    read("day", 100, 0);
    read("day", 3, 4);
    assertThat(used(Period.DAY)).isEqualTo(107);
  }

  @Test
  void aNewPeriodBeginsAtMidnightOfTheZoneWithNothing() {
    read("day", 0, 0);
    read("day", 5, 5);
    clock.now = Instant.parse("2029-12-31T22:59:59Z");
    assertThat(used(Period.DAY)).isEqualTo(10);
    clock.now = Instant.parse("2029-12-31T23:00:00Z");
    assertThat(used(Period.DAY)).isZero();
    read("day", 6, 5);
    assertThat(used(Period.DAY)).isEqualTo(1);
  }

  @Test
  void anotherPeriodTakesOverWhatWasCountedWithinIt() {
    read("day", 0, 0);
    read("day", 5, 5);
    read("month", 5, 6);
    assertThat(used(Period.MONTH)).isEqualTo(11);
    read("total", 6, 6);
    assertThat(used(Period.TOTAL)).isEqualTo(12);
    read("day", 6, 7);
    assertThat(used(Period.DAY)).isEqualTo(13);
    clock.now = Instant.parse("2030-01-01T12:00:00Z");
    read("month", 7, 7);
    assertThat(used(Period.MONTH)).isEqualTo(1);
  }

  @Test
  void aClockThatIsBehindForAWhileLosesNothing() {
    read("month", 0, 0);
    read("month", 5, 5);
    clock.now = Instant.parse("1970-01-01T00:00:05Z");
    read("month", 6, 5);
    clock.now = Instant.parse("2029-12-31T12:01:00Z");
    read("month", 7, 5);
    assertThat(used(Period.MONTH)).isEqualTo(12);
  }

  @Test
  void itOutlivesACrashAndIsReadersOwn() throws IOException {
    read("month", 0, 0);
    read("month", 5, 5);
    usage.write();
    Path file = path.resolve("quota-usage");
    assertThat(file).hasContent("wg0 " + key(1) + " 1890774000 10\n");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    start();
    assertThat(used(Period.MONTH)).isEqualTo(10);
    read("month", 0, 0);
    read("month", 1, 0);
    assertThat(used(Period.MONTH)).isEqualTo(11);
  }

  @Test
  void aLineWithoutSenseIsLeftOut() throws IOException {
    Files.writeString(
        path.resolve("quota-usage"),
        "nonsense\nwg0 key 0 1\nwg0 " + key(1) + " 0 77\nwg0 " + key(2) + " x 1\n");
    start();
    assertThat(used(Period.TOTAL)).isEqualTo(77);
    assertThat(usage.used(WG0, key(2), Period.TOTAL)).isZero();
  }

  @Test
  void aDisabledPeerIsRememberedAndOneThatLeavesTheFileIsForgotten() {
    read("month", 0, 0);
    read("month", 5, 5);
    usage.retain(WG0, config(text("", disabled())));
    assertThat(used(Period.MONTH)).isEqualTo(10);
    usage.retain(WG0, config(text("", peer(2, ""))));
    assertThat(used(Period.MONTH)).isZero();
  }

  @Test
  void aTunnelWhoseFileWentInTheMeantimeIsForgotten() throws IOException {
    read("month", 0, 0);
    read("month", 5, 5);
    Path file = Files.createFile(path.resolve("wg0.conf"));
    usage.retain(path);
    assertThat(used(Period.MONTH)).isEqualTo(10);
    Files.delete(file);
    usage.retain(path);
    assertThat(used(Period.MONTH)).isZero();
  }

  private static String disabled() {
    return "#[disabled] [Peer]\n#[disabled] PublicKey = " + key(1) + "\n";
  }

  private static TunnelConfig file(String period) {
    return config(text("", peer(1, "# gatehouse.quota = 1 MB/" + period + "\n")));
  }

  private void read(String period, long rx, long tx) {
    usage.count(WG0, file(period).peers(), Map.of(key(1), rx + tx));
  }

  private long used(Period period) {
    return usage.used(WG0, key(1), period);
  }
}
