// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditQueryTest {
  private static final AuditEntry ENTRY =
      AuditEntry.of(
              new Caller("erika", Optional.of(Role.ADMIN), "192.0.2.7", Caller.Way.SESSION),
              "file.write",
              "wg0.conf")
          .with("+ListenPort = 51820");

  @Test
  void everyPartMustBeSomewhere() {
    assertThat(matches("ERIKA 51820")).isTrue();
    assertThat(matches("wg0 192.0.2")).isTrue();
    assertThat(matches("")).isTrue();
    assertThat(matches("erika wg1")).isFalse();
  }

  @Test
  void kindsAndResultsAreNamed() {
    assertThat(AuditQuery.of("", "gateway", "done").test(ENTRY)).isTrue();
    assertThat(AuditQuery.of("", "login", "").test(ENTRY)).isFalse();
    assertThat(AuditQuery.of("", "", "REFUSED").test(ENTRY)).isFalse();
    assertThat(AuditQuery.of("", "nonsense", "nonsense").isEverything()).isTrue();
  }

  @Test
  void aWordBelongsToOneKind() {
    assertThat(kind("login")).isEqualTo(AuditQuery.Kind.LOGIN);
    assertThat(kind("second-factor.add")).isEqualTo(AuditQuery.Kind.ACCOUNT);
    assertThat(kind("user.role")).isEqualTo(AuditQuery.Kind.ACCOUNT);
    assertThat(kind("snmp.user.add")).isEqualTo(AuditQuery.Kind.GATEWAY);
  }

  private static AuditQuery.Kind kind(String action) {
    return AuditQuery.Kind.of(AuditEntry.of(Caller.stranger("192.0.2.66"), action, ""));
  }

  private static boolean matches(String text) {
    return AuditQuery.of(text, "", "").test(ENTRY);
  }
}
