// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables are as RFC 4180 has them, and nothing in them is a formula. */
class CsvTest {
  @Test
  void fieldsWithCommasQuotesAndLineEndsAreQuoted() {
    assertThat(Csv.line(List.of("a", "b, c", "say \"x\"", "two\nlines", "")))
        .isEqualTo("a,\"b, c\",\"say \"\"x\"\"\",\"two\nlines\",\r\n");
  }

  @Test
  void whatLooksLikeAFormulaIsAText() {
    assertThat(Csv.line(List.of("=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", "a=b", "1-1")))
        .isEqualTo("'=cmd|' /C calc'!A0,'+1,'-1,'@x,'\tx,a=b,1-1\r\n");
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    List<String> first = List.of("a", "b, c", "say \"x\"", "two\nlines", "");
    List<Csv.Entry> read = Csv.read(Csv.line(first) + "\r\n" + Csv.line(List.of("z")) + "last");
    assertThat(read)
        .containsExactly(
            new Csv.Entry(1, first),
            new Csv.Entry(4, List.of("z")),
            new Csv.Entry(5, List.of("last")));
    assertThat(Csv.read("")).isEmpty();
    assertThat(Csv.read("a,\"open")).containsExactly(new Csv.Entry(1, List.of("a", "open")));
  }
}
