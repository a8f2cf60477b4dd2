// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.DropStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellsTest {
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
    assertThat(Cells.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "59, 59 s",
    "60, 1 min 0 s",
    "3599, 59 min 59 s",
    "3600, 1 h 0 min",
    "86399, 23 h 59 min",
    "90000, 1 d 1 h"
  })
  void writesTheTwoLargestUnitsOfAnAge(long seconds, String text) {
    assertThat(Cells.age(seconds)).isEqualTo(text);
  }

  @Test
  void saysWhyPacketsWereDroppedMostFrequentFirst() {
    assertThat(
            Cells.drops(
                List.of(
                    new DropStatus("REPLAYED", 2),
                    new DropStatus("SOURCE_NOT_ALLOWED", 40),
                    new DropStatus("BORED_BY_IT", 1))))
        .isEqualTo("40 with a source not allowed, 2 replayed, 1 bored by it");
  }
}
