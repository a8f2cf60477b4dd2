// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.wgquick.Quota.Period;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {
  private static final String PEER =
      """
      [Interface]
      PrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=
      [Peer]
      PublicKey = fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=
      AllowedIPs = 10.0.0.2/32
      """;

  @ParameterizedTest
  @CsvSource({
    "50 GiB/month, 53687091200, MONTH, 50 GiB/month",
    "50GiB / Month, 53687091200, MONTH, 50 GiB/month",
    "1.5 kb/day, 1500, DAY, 1500 B/day",
    "2000 MB/week, 2000000000, WEEK, 2 GB/week",
    "1 B/total, 1, TOTAL, 1 B/total",
    "8191 PiB/total, 9222246136947933184, TOTAL, 8191 PiB/total"
  })
  void aQuotaHasAnAmountAUnitAndAPeriod(String text, long octets, Period period, String canonical) {
    Quota quota = Quota.parse(text);
    assertThat(quota).isEqualTo(new Quota(octets, period));
    assertThat(quota).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "5",
        "5 GB",
        "5/day",
        "5 GX/day",
        "GB/day",
        "-5 GB/day",
        "0 B/day",
        "5 GB/year",
        "5 GB/day/day",
        "1.0001 kB/day x",
        "0.3 B/day",
        "8192 PiB/total",
        "5,5 GB/day",
        "1e3 B/day",
        ". GB/day",
        "5. GB/day",
        "99999999999999999999 B/day"
      })
  void whatIsNoQuotaIsRefused(String text) {
    assertThatThrownBy(() -> Quota.parse(text))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContainingAny("null", "Exception");
  }

  @Test
  void everyQuotaIsReadBack() {
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      long octets = 1 + (random.nextLong() >>> 1 + random.nextInt(62));
      Quota quota = new Quota(octets, random.nextBoolean() ? Period.DAY : Period.TOTAL);
      assertThat(Quota.parse(quota.toString())).isEqualTo(quota);
    }
  }

  @Test
  void periodsBeginAtMidnightOfAPlace() {
    ZoneId vienna = ZoneId.of("Europe/Vienna");
    // A Sunday, ninety minutes before the clocks are set forward.
    Instant moment = Instant.parse("2026-03-28T23:30:00Z");
    assertThat(Period.DAY.startOf(moment, vienna)).isEqualTo("2026-03-28T23:00:00Z");
    assertThat(Period.DAY.endOf(moment, vienna)).isEqualTo("2026-03-29T22:00:00Z");
    assertThat(Period.WEEK.startOf(moment, vienna)).isEqualTo("2026-03-22T23:00:00Z");
    assertThat(Period.WEEK.endOf(moment, vienna)).isEqualTo("2026-03-29T22:00:00Z");
    assertThat(Period.MONTH.startOf(moment, vienna)).isEqualTo("2026-02-28T23:00:00Z");
    assertThat(Period.MONTH.endOf(moment, vienna)).isEqualTo("2026-03-31T22:00:00Z");
    assertThat(Period.MONTH.startOf(moment, ZoneOffset.UTC)).isEqualTo("2026-03-01T00:00:00Z");
    assertThat(Period.TOTAL.startOf(moment, vienna)).isEqualTo(Instant.EPOCH);
    assertThat(Period.TOTAL.endOf(moment, vienna)).isEqualTo(Instant.MAX);
  }

  @ParameterizedTest
  @CsvSource({
    "2030-12-31T23:59:59Z, 2030-12-31T23:59:59Z",
    "2030-12-31t23:59:59z, 2030-12-31T23:59:59Z",
    "2030-12-31T23:59:59+01:00, 2030-12-31T22:59:59Z",
    "2030-12-31T23:59:59.250Z, 2030-12-31T23:59:59.250Z"
  })
  void anExpiryIsATimeOfRfc3339(String text, Instant instant) {
    assertThat(OwnKey.EXPIRES.parse(text)).isEqualTo(instant);
    assertThat(OwnKey.EXPIRES.parse(OwnKey.EXPIRES.format(instant))).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tomorrow",
        "2030-12-31",
        "2030-12-31T23:59Z",
        "2030-12-31T23:59:59",
        "2030-02-30T00:00:00Z",
        "2030-12-31T24:00:01Z",
        "2030-12-31 23:59:59Z",
        "1924991999"
      })
  void whatIsNoTimeIsRefusedWithWhatWouldBe(String text) {
    WgQuickFile file = parse(PEER + "# gatehouse.expires = " + text + "\n");
    assertThat(file.config()).isEmpty();
    Finding finding = file.findings().getFirst();
    assertThat(finding.code()).isEqualTo("METADATA-VALUE");
    assertThat(finding.line()).isEqualTo(6);
    assertThat(finding.message()).startsWith("the value of gatehouse.expires cannot be read: ");
    assertThat(finding.remedy()).contains("2030-12-31T23:59:59Z");
  }

  @Test
  void anUnknownKeyIsNamedWithTheKnownOnes() {
    Finding finding =
        parse(PEER + "# gatehouse.expiry = 2030-12-31T23:59:59Z\n").findings().getFirst();
    assertThat(finding)
        .hasToString(
            "wg0.conf:6: unknown key of ours, which does nothing (\"gatehouse.expiry\"). Known in this"
                + " section are gatehouse.expires, gatehouse.quota, gatehouse.tags, gatehouse.note,"
                + " gatehouse.allow, gatehouse.deny [METADATA-KEY]");
  }

  @Test
  void ofTwoSectionsOfAPeerTheLaterCountsKeyByKey() {
    String later =
        PEER.substring(PEER.indexOf("[Peer]")) + "# gatehouse.note = later\n# friendly_name = B\n";
    PeerMetadata metadata =
        parse(
                PEER
                    + "# gatehouse.note = first\n# gatehouse.tags = a\n# gatehouse.tags = b, a\n"
                    + later)
            .config()
            .orElseThrow()
            .peers()
            .getFirst()
            .metadata();
    assertThat(metadata.note()).contains("later");
    assertThat(metadata.tags()).containsExactly("a", "b");
    assertThat(metadata.name()).contains("B");
  }

  @Test
  void aChangedCommentIsAChangedPeerSoThatItIsHeeded() {
    TunnelConfig before = parse(PEER).config().orElseThrow();
    TunnelConfig after = parse(PEER + "# gatehouse.quota = 1 GB/day\n").config().orElseThrow();
    assertThat(after).isNotEqualTo(before);
    assertThat(after.peers().getFirst().metadata().quota())
        .contains(new Quota(1_000_000_000, Period.DAY));
    assertThat(before.peers().getFirst().metadata()).isSameAs(PeerMetadata.NONE);
  }

  @Test
  void everyKeyIsFoundByItsNameAndSaysWhatItTakes() {
    assertThat(OwnKey.all()).hasSize(10);
    for (OwnKey<?> key : OwnKey.all()) {
      assertThat(OwnKey.of(key.name().toUpperCase(Locale.ROOT))).contains(key);
      assertThat(key.form()).startsWith("Give ");
      assertThat(OwnKey.Section.values()).anyMatch(key::belongsTo);
    }
    assertThat(OwnKey.TAGS.parse("a , b,a")).isEqualTo(List.of("a", "b"));
  }

  private static WgQuickFile parse(String text) {
    return WgQuickFile.parse("wg0.conf", text.getBytes(ISO_8859_1));
  }
}
