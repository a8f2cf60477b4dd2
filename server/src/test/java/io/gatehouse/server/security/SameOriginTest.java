// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SameOriginTest {
  private static final String HERE = "https://gate.example:8443";

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

  @Test
  void aWebSocketComesFromOurOwnPagesOnly() {
    assertThat(mayCome("GET", "/push", false, "same-origin", HERE)).isTrue();
    assertThat(mayCome("GET", "/push", false, null, null)).isFalse();
    assertThat(mayCome("GET", "/push", false, "cross-site", "https://evil.example")).isFalse();
  }

  @Test
  void aFormComesFromOurOwnPagesOnly() {
    assertThat(mayCome("POST", "/login", false, "same-origin", "null")).isTrue();
    assertThat(mayCome("POST", "/login", false, "cross-site", HERE)).isFalse();
    assertThat(mayCome("POST", "/login", false, "same-site", HERE)).isFalse();
    // An old browser, or none: the view state still guards the form.
    assertThat(mayCome("POST", "/login", false, null, HERE)).isTrue();
    assertThat(mayCome("POST", "/login", false, null, null)).isTrue();
    assertThat(mayCome("POST", "/login", false, null, "https://evil.example")).isFalse();
  }

  @Test
  void aSessionChangesNothingByTheApiUnlessItShowsWhereItComesFrom() {
    for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
      assertThat(mayCome(method, "/api", false, null, null)).isFalse();
      assertThat(mayCome(method, "/api", false, "cross-site", HERE)).isFalse();
      assertThat(mayCome(method, "/api", false, "same-origin", HERE)).isTrue();
      assertThat(mayCome(method, "/api", true, null, null)).as("by a token").isTrue();
    }
    assertThat(mayCome("GET", "/api", false, null, null)).isTrue();
  }

  private static boolean mayCome(
      String method, String path, boolean byToken, @Nullable String site, @Nullable String origin) {
    boolean upgrade = path.equals("/push");
    return SameOrigin.mayCome(method, path, upgrade, byToken, site, origin, "gate.example:8443");
  }
}
