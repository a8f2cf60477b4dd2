// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameServersTest {
  @Test
  void addressesAreServersAndAllElseIsSearched() {
    NameServers dns =
        NameServers.of(
            List.of("192.0.2.53", "corp.example", "2001:db8::53", "fe80::1%eth0", "lab", "~x.y"));
    assertThat(dns.servers()).containsExactly("192.0.2.53", "2001:db8::53", "fe80::1%eth0");
    assertThat(dns.searchDomains()).containsExactly("corp.example", "lab", "~x.y");
  }

  @Test
  void searchDomainsAloneAreNothing() {
    assertThat(NameServers.of(List.of("corp.example")).isEmpty()).isTrue();
    assertThat(NameServers.of(List.of("192.0.2.53")).isEmpty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "300.1.1.1",
        "1.2.3",
        "fe80::1%",
        "fe80::1%e/th",
        "::g",
        "-x",
        "a;b",
        "a\nb",
        "a b",
        "ä.de",
        "$(id)",
        "",
        "a/b"
      })
  void whatIsNeitherIsRefused(String word) {
    assertThatIllegalArgumentException().isThrownBy(() -> NameServers.of(List.of(word)));
  }
}
