// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelVersionTest {
  @Test
  void comparesMajorThenMinor() {
    assertThat(KernelVersion.atLeast("6.1.0-18-amd64", 5, 12)).isTrue();
    assertThat(KernelVersion.atLeast("5.12.0", 5, 12)).isTrue();
    assertThat(KernelVersion.atLeast("5.9.16", 5, 12)).isFalse();
    assertThat(KernelVersion.atLeast("4.19", 5, 12)).isFalse();
    assertThat(KernelVersion.atLeast("unknown", 5, 12)).isTrue();
  }
}
