// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordRulesTest {
  private final PasswordRules rules = new PasswordRules();

  @ParameterizedTest
  @CsvSource({
    "a quiet river stone, GOOD",
    "Tr0ub4dor&3-horse, GOOD",
    "passwords are dull, GOOD",
    "elevenchars, TOO_SHORT",
    "Password1234, COMMON",
    "password2026!!, COMMON",
    "passwordpassword, COMMON",
    "qwertyuiop123, COMMON",
    "123456789012, COMMON",
    "wireguard-2026, COMMON",
    "erika-1234567, LIKE_NAME",
    "erikaerikaerika, LIKE_NAME",
    "aaaaaaaaaaaaaa, MONOTONOUS",
    "abababababab, MONOTONOUS"
  })
  void judges(String password, PasswordRules.Verdict verdict) {
    assertThat(rules.judge(password, "erika")).isEqualTo(verdict);
  }
}
