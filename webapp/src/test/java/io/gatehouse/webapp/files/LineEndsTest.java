// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineEndsTest {
  @ParameterizedTest
  @CsvSource({
    "a|b|, ar|br|, a|b|",
    "ar|br|, ar|br|, ar|br|",
    "a|br|c, ar|br|c, a|br|c",
    "ar|b|, ar|nr|br|, ar|nr|b|",
    "'', ar|, a|",
    "a, a, a",
    "a|b, b, b"
  })
  void everyLineKeepsItsEnd(String original, String sent, String restored) {
    assertThat(LineEnds.restore(text(original), text(sent))).isEqualTo(text(restored));
  }

  /** An r before a bar is a CR. */
  private static String text(String marked) {
    return marked.replace("r|", "\r\n").replace("|", "\n");
  }
}
