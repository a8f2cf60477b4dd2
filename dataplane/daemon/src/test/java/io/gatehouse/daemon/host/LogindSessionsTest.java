// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.IpLiteral;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Session files as systemd-logind writes them. */
class LogindSessionsTest {
  @TempDir private Path directory;

  @Test
  void namesTheClientsOfSshAndNobodyElse() throws IOException {
    session("1", "REMOTE=1\nREMOTE_HOST=192.0.2.1\nSERVICE=sshd\nSTATE=active\n");
    session("2", "REMOTE=1\nREMOTE_HOST=2001:db8::7\nSERVICE=sshd\nSTATE=online\n");
    session("3", "REMOTE=0\nSERVICE=login\nSTATE=active\n");
    session("4", "REMOTE=1\nREMOTE_HOST=192.0.2.4\nSERVICE=sshd\nSTATE=closing\n");
    session("5", "REMOTE=1\nREMOTE_HOST=host.example\nSERVICE=sshd\nSTATE=active\n");
    session("6", "REMOTE=1\nREMOTE_HOST=192.0.2.6\nSERVICE=ftp\nSTATE=active\n");
    session("7", "not like the others");

    assertThat(LogindSessions.sshClients(directory))
        .containsExactlyInAnyOrder(IpLiteral.parse("192.0.2.1"), IpLiteral.parse("2001:db8::7"));
  }

  @Test
  void withoutLogindThereAreNone() {
    assertThat(LogindSessions.sshClients(directory.resolve("none"))).isEmpty();
  }

  private void session(String number, String text) throws IOException {
    Files.writeString(directory.resolve(number), text);
  }
}
