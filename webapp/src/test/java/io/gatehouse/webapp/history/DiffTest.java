// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiffTest {
  @Test
  void keepsWhatPeopleReadAndLeavesOutWhatGitSaysForItself() {
    assertThat(
            Diff.lines(
                """
                diff --git a/wg0.conf b/wg0.conf
                index 1234567..89abcde 100644
                --- a/wg0.conf
                +++ b/wg0.conf
                @@ -1,2 +1,2 @@
                 [Interface]
                -ListenPort = 1
                +ListenPort = 2
                """))
        .containsExactly(
            new Diff.Line("file", "", "wg0.conf"),
            new Diff.Line("place", "", "@@ -1,2 +1,2 @@"),
            new Diff.Line("same", "", "[Interface]"),
            new Diff.Line("minus", "\u2212", "ListenPort = 1"),
            new Diff.Line("plus", "+", "ListenPort = 2"));
  }
}
