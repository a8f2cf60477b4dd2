// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldTest {
  @Test
  void whatAShellWouldRunIsShownHoweverItIsWrittenAndNothingElse() {
    assertThat(
            Held.hooks(
                """
                # PostUp = not this
                [Interface]
                  preup=ip rule add pref 7 table 8
                PostUpper = nor this
                POSTDOWN\t=\ttest a = b
                Address = 10.0.0.1/24
                PreDown =
                """))
        .containsExactly(
            "PreUp = ip rule add pref 7 table 8", "PostDown = test a = b", "PreDown = ");
  }
}
