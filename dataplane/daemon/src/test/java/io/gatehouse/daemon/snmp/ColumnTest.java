// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.OctetString;

class ColumnTest {
  private static final long LARGE = (5L << 32) + 17;

  @Test
  void shortCounterIsTheLongOneModuloTwoToThe32() {
    assertThat(Column.<Long>counter64(1, n -> n).value().apply(LARGE))
        .isEqualTo(new Counter64(LARGE));
    assertThat(Column.<Long>counter32(1, n -> n).value().apply(LARGE)).isEqualTo(new Counter32(17));
  }

  @Test
  void countersAreUnsigned() {
    assertThat(Column.<Long>counter64(1, n -> n).value().apply(-2L).toString())
        .isEqualTo("18446744073709551614");
    assertThat(Column.<Long>counter32(1, n -> n).value().apply(-2L).toString())
        .isEqualTo("4294967294");
  }

  @Test
  void gaugeStaysAtItsMaximum() {
    assertThat(Column.<Long>gauge32(1, n -> n).value().apply(LARGE))
        .isEqualTo(new Gauge32(0xFFFF_FFFFL));
  }

  @Test
  void textIsCutBetweenCharacters() {
    OctetString cut =
        (OctetString) Column.<String>text(1, t -> t).value().apply("ab" + "🛡".repeat(64));

    assertThat(cut.length()).isEqualTo(2 + 63 * 4);
  }
}
