// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.pending;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.EditStep;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What waits for a file is what was said last of each setting, on top of the newest text. */
class DraftTest {
  private static final String PEER = "fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=";
  private static final Draft NONE = new Draft("1", Optional.empty(), List.of());

  private static final String FILE =
      """
      [Interface]
      # gatehouse.endpoint = vpn.example.org
      PrivateKey = (hidden 1@8f3a8f3a)
      Address = 10.8.0.1/24, fd00:8::1/64

      [Peer]
      # friendly_name = Lisbon
      # gatehouse.quota = 50 GiB/month
      PublicKey = %s
      PresharedKey = (generate)
      AllowedIPs = 10.8.1.0/24
      Endpoint = [2001:db8::1]:51820
      """
          .formatted(PEER);

  @Test
  void whatIsSaidLastOfASettingCountsAndAnEmptyDraftIsNone() {
    EditStep.Set port = new EditStep.Set(Optional.empty(), "ListenPort", List.of("1"));
    EditStep.Set other = new EditStep.Set(Optional.empty(), "listenport", List.of("2"));
    EditStep.Rename name = new EditStep.Rename(PEER, "A");
    Draft draft = NONE.with(port).with(name).with(other).with(new EditStep.Rename(PEER, "B"));
    assertThat(draft.steps()).containsExactly(other, new EditStep.Rename(PEER, "B"));
    assertThat(draft.without(port).without(name).count()).isZero();
  }

  @Test
  void theTextComesBeforeTheSettingsAndIsNotPrinted() {
    Draft draft =
        new Draft("1", Optional.of("PrivateKey = x"), List.of())
            .with(new EditStep.Rename(PEER, "A"));
    assertThat(draft.all()).first().isEqualTo(new EditStep.Text("PrivateKey = x"));
    assertThat(draft.count()).isEqualTo(2);
    assertThat(draft.toString()).doesNotContain("PrivateKey");
  }

  @Test
  void aFormShowsWhatTheFileSaysWithoutItsKeys() {
    assertThat(Settings.of("wg0.conf", FILE, Optional.of(PEER)).orElseThrow())
        .filteredOn(setting -> !setting.getNow().isEmpty())
        .extracting(Setting::getKey, Setting::getNow)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("name", "Lisbon"),
            org.assertj.core.groups.Tuple.tuple("AllowedIPs", "10.8.1.0/24"),
            org.assertj.core.groups.Tuple.tuple("Endpoint", "[2001:db8::1]:51820"),
            org.assertj.core.groups.Tuple.tuple("gatehouse.quota", "50 GiB/month"));
    assertThat(Settings.of("wg0.conf", FILE, Optional.empty()).orElseThrow())
        .filteredOn(setting -> !setting.getNow().isEmpty())
        .extracting(Setting::getNow)
        .containsExactly("10.8.0.1/24, fd00:8::1/64", "vpn.example.org");
    assertThat(Settings.of("wg0.conf", "[Interface]\nFoo = 1\n", Optional.empty())).isEmpty();
  }

  @Test
  void aDayOfExpiryIsItsEndAndDaysAreFromNow() {
    InstantSource clock = InstantSource.fixed(Instant.parse("2030-01-01T10:00:00.5Z"));
    ZoneId zone = ZoneId.of("Europe/Berlin");
    assertThat(Expiry.parse("2030-12-31", clock, zone)).contains("2030-12-31T22:59:59Z");
    assertThat(Expiry.parse("30d", clock, zone)).contains("2030-01-31T10:00:00Z");
    assertThat(Expiry.parse("2030-12-31T18:00:00+01:00", clock, zone))
        .contains("2030-12-31T17:00:00Z");
    assertThat(Expiry.parse("soon", clock, zone)).isEmpty();
    assertThat(Expiry.parse("2030-02-30", clock, zone)).isEmpty();
  }
}
