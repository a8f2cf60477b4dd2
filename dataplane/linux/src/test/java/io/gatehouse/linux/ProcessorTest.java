// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {
  @ParameterizedTest
  @CsvSource({
    "GenuineIntel, 6, true",
    "AuthenticAMD, 25, false",
    "AuthenticAMD, 26, true",
    "AuthenticAMD, x, false",
    "HygonGenuine, 24, false"
  })
  void wideVectorsAreTakenAtOnceByThoseThatHaveUnitsForThem(
      String vendor, String family, boolean whole) {
    String cpuinfo =
        "processor\t: 0\nvendor_id\t: "
            + vendor
            + "\ncpu family\t: "
            + family
            + "\nmodel\t\t: 97\n";

    assertThat(Processor.hasWholeWideVectors(cpuinfo)).isEqualTo(whole);
    assertThat(Processor.hasWholeWideVectors("CPU implementer\t: 0x41\n")).isFalse();
  }
}
