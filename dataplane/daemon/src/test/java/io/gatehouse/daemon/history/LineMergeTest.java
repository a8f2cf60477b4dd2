// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two changes of the same text are both made, byte for byte, or their meeting place is named. */
class LineMergeTest {
  private static final String BASE = "one\r\ntwo\r\nthree\r\nfour\r\nfive";

  @Test
  void changesOfDifferentLinesAreBothMade() {
    LineMerge merge =
        merge(BASE.replace("one", "ONE"), BASE.replace("four\r\n", "").replace("five", "FIVE"));
    assertThat(merge.conflicts()).isEmpty();
    assertThat(new String(merge.merged(), UTF_8)).isEqualTo("ONE\r\ntwo\r\nthree\r\nFIVE");
    assertThat(new String(merge(BASE, BASE + "\r\n# new\r\n").merged(), UTF_8))
        .isEqualTo(BASE + "\r\n# new\r\n");
    assertThat(new String(merge("\377\n" + BASE, BASE).merged(), UTF_8)).isEqualTo("\377\n" + BASE);
  }

  @Test
  void changesOfTheSameLineMeet() {
    assertThat(merge("new\r\n" + BASE.replace("two", "2"), BASE.replace("two", "II")).conflicts())
        .containsExactly(3);
    assertThat(merge(BASE + "\r\nsix", BASE + "\r\nVI").conflicts()).containsExactly(6);
    assertThat(merge(BASE + "\r\nsix", BASE + "\r\nsix").conflicts()).as("the same").isEmpty();
  }

  @Test
  void aDiffHasNoKeys() {
    String key = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    assertThat(
            FileDiff.of(
                "wg0.conf",
                Optional.of("a\nPrivateKey = A\n".getBytes(UTF_8)),
                Optional.of(("a\nPrivateKey = " + key + "\n").getBytes(UTF_8))))
        .isEqualTo(
            """
            --- a/wg0.conf
            +++ b/wg0.conf
            @@ -1,2 +1,2 @@
             a
            -PrivateKey = (hidden)
            +PrivateKey = (hidden)
            """);
    assertThat(FileDiff.of("wg0.conf", Optional.empty(), Optional.of(new byte[0]))).isEmpty();
  }

  private static LineMerge merge(String newest, String wanted) {
    return LineMerge.of(BASE.getBytes(UTF_8), newest.getBytes(UTF_8), wanted.getBytes(UTF_8));
  }
}
