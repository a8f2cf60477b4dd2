// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.DropStatus;
import io.gatehouse.control.OffloadStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.webapp.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ValuesTest {
  private static final Texts ENGLISH = Texts.in(Locale.ENGLISH);
  private static final Values VALUES = new Values(ENGLISH);

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "1536, 1.50 KiB",
    "123456789, 117.74 MiB",
    "9223372036854775807, 8.00 EiB",
    "-1, 16.00 EiB"
  })
  void writesBytesAsWgDoes(long bytes, String text) {
    assertThat(VALUES.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "59, 59 s",
    "60, 1 min",
    "61, 1 min 1 s",
    "3599, 59 min 59 s",
    "3600, 1 h",
    "86399, 23 h 59 min",
    "90000, 1 d 1 h"
  })
  void writesTheTwoLargestUnitsOfAnAge(long seconds, String text) {
    assertThat(VALUES.age(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource(PeerState.class)
  void everyStateOfAPeerHasAWordAndAnIcon(PeerState state) throws IOException {
    assertThat(ENGLISH.orElse("peer." + state, "")).isNotEmpty();
    assertThat(Files.readString(Path.of("src/main/webapp/resources/console/parts.css")))
        .contains(".state[data-look='" + state.name().toLowerCase(Locale.ROOT) + "'] .pi::before");
  }

  @ParameterizedTest
  @CsvSource({"0, 0 bit/s", "124, 992 bit/s", "125, 1.0 kbit/s", "1250000, 10.0 Mbit/s"})
  void writesRatesInBits(long octets, String text) {
    assertThat(VALUES.rate(octets)).isEqualTo(text);
  }

  @Test
  void writesNumbersAsTheLanguageDoes() {
    assertThat(new Values(Texts.in(Locale.GERMAN)).bytes(1536)).isEqualTo("1,50 KiB");
    assertThat(new Values(Texts.in(Locale.of("ar"))).number(12)).isEqualTo("12");
  }

  @Test
  void saysWhyPacketsWereDroppedMostFrequentFirst() {
    assertThat(
            VALUES.drops(
                List.of(
                    new DropStatus("REPLAYED", 2),
                    new DropStatus("SOURCE_NOT_ALLOWED", 40),
                    new DropStatus("BORED_BY_IT", 1))))
        .isEqualTo("40 with a source not allowed, 2 replayed, 1 bored by it");
  }

  @Test
  void saysNothingOfOffloadsThatDoTheirWork() {
    assertThat(VALUES.offloads(List.of())).isEmpty();
    assertThat(VALUES.offloads(List.of(offload("UDP_GRO", OffloadStatus.Use.ON, 0)))).isEmpty();
  }

  @Test
  void saysInOneLineWhichOffloadsAreOffOrRefused() {
    assertThat(
            VALUES.offloads(
                List.of(
                    offload("TUN_TSO", OffloadStatus.Use.ON, 1200),
                    offload("TUN_USO", OffloadStatus.Use.UNAVAILABLE, 0),
                    offload("UDP_GSO", OffloadStatus.Use.ON, 1),
                    offload("UDP_GRO", OffloadStatus.Use.OFF, 0))))
        .isEqualTo(
            "Slower than this machine could be: large TCP packets on the interface refused 1200"
                + " times by the kernel (EIO), each time one by one for a minute; SETTING=false"
                + " ends the attempts; large UDP packets on the interface not offered by this"
                + " kernel; many datagrams in one send refused once by the kernel (EIO), each time"
                + " one by one for a minute; SETTING=false ends the attempts; many datagrams in"
                + " one receive switched off by SETTING.");
  }

  private static OffloadStatus offload(String name, OffloadStatus.Use use, long fallbacks) {
    return new OffloadStatus(name, use, "SETTING", fallbacks, fallbacks == 0 ? "" : "EIO");
  }
}
