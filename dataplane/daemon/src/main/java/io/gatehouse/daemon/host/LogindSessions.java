// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.host;

import io.gatehouse.wgquick.IpLiteral;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who is logged in over SSH as systemd-logind has it, in files that everybody may read: for a data
 * plane that may not look into other processes, as the packaged one.
 */
final class LogindSessions {
  private static final Path DIRECTORY = Path.of("/run/systemd/sessions");

  private LogindSessions() {}

  /** Where the clients of the SSH servers are; none where there is no logind. */
  static Set<InetAddress> sshClients() {
    return sshClients(DIRECTORY);
  }

  static Set<InetAddress> sshClients(Path directory) {
    Set<InetAddress> clients = new HashSet<>();
    try (DirectoryStream<Path> sessions = Files.newDirectoryStream(directory)) {
      for (Path session : sessions) {
        Map<String, String> values = new HashMap<>();
        for (String line : Proc.lines(session)) {
          int at = line.indexOf('=');
          if (at > 0) {
            values.put(line.substring(0, at), line.substring(at + 1));
          }
        }
        if ("sshd".equals(values.get("SERVICE")) && !"closing".equals(values.get("STATE"))) {
          try {
            clients.add(IpLiteral.parse(values.getOrDefault("REMOTE_HOST", "")));
          } catch (IllegalArgumentException e) {
            // A name, as with UseDNS; or a session that is not remote.
          }
        }
      }
    } catch (IOException e) {
      // No logind here.
    }
    return clients;
  }
}
