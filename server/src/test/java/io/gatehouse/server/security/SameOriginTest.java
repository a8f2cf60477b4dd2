// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SameOriginTest {
  @Test
  void admitsOurOwnPages() {
    assertThat(SameOrigin.isSame("https://gate.example:8443", "gate.example:8443")).isTrue();
    assertThat(SameOrigin.isSame("https://[::1]:8443", "[::1]:8443")).isTrue();
  }

  @Test
  void refusesEveryoneElse() {
    assertThat(SameOrigin.isSame("https://evil.example", "gate.example:8443")).isFalse();
    assertThat(SameOrigin.isSame("http://gate.example:8443", "gate.example:8443")).isFalse();
    assertThat(SameOrigin.isSame("null", "gate.example:8443")).isFalse();
    assertThat(SameOrigin.isSame("https://gate example", "gate.example")).isFalse();
    assertThat(SameOrigin.isSame(null, "gate.example:8443")).isFalse();
  }
}
