// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.UnixDomainPrincipal;
import org.junit.jupiter.api.Test;

/** Who may use the control socket: numbers count, and no names, but for members of the group. */
class PeerCredentialsTest {
  @Test
  void rootIsWhoeverHasTheNumberZero() throws IOException {
    PeerCredentials credentials = new PeerCredentials("");

    assertThat(credentials.caller(user("0")).isRoot()).isTrue();
    assertThat(credentials.caller(user("12345")).isRoot()).isFalse();
    assertThat(credentials.caller(named("root")).isRoot()).as("a name alone").isFalse();
    assertThat(credentials.caller(named("root")).isDataPlane()).isFalse();
    assertThat(credentials.caller(user(System.getProperty("user.name"))).isDataPlane()).isTrue();
  }

  @Test
  void othersAreServedOnlyAsMembersOfTheGroup() throws IOException {
    UserPrincipal stranger = user("12345");
    UnixDomainPrincipal peer = new UnixDomainPrincipal(stranger, group("users"));

    assertThat(new PeerCredentials("").allow(peer)).isFalse();
    assertThat(new PeerCredentials("others").allow(peer)).isFalse();
    assertThat(new PeerCredentials("users").allow(peer)).isTrue();
    assertThat(new PeerCredentials("").allow(new UnixDomainPrincipal(user("0"), group("users"))))
        .isTrue();
  }

  private static UserPrincipal user(String numberOrName) throws IOException {
    return FileSystems.getDefault()
        .getUserPrincipalLookupService()
        .lookupPrincipalByName(numberOrName);
  }

  private static GroupPrincipal group(String name) throws IOException {
    return FileSystems.getDefault()
        .getUserPrincipalLookupService()
        .lookupPrincipalByGroupName(name);
  }

  /** Somebody of that name whose number is another one. */
  private static UserPrincipal named(String name) {
    return () -> name;
  }
}
