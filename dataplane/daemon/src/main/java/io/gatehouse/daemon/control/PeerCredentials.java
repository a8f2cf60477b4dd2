// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.net.UnixDomainPrincipal;

/**
 * Who may use the control socket, by the credentials that the kernel vouches for (SO_PEERCRED,
 * unix(7)). Stands behind the permissions of the socket file, should those ever be loosened.
 */
final class PeerCredentials {
  private static final Logger LOG = Logger.getLogger(PeerCredentials.class.getName());

  private final String group;

  /**
   * Makes one.
   *
   * @param group that may connect besides root and this user; empty for none
   */
  PeerCredentials(String group) {
    this.group = group;
  }

  boolean allow(UnixDomainPrincipal peer) {
    String user = peer.user().getName();
    return user.equals("root")
        || user.equals(System.getProperty("user.name"))
        || !group.isEmpty() && (peer.group().getName().equals(group) || isMember(user));
  }

  /** Whether the group database lists the user; the kernel tells only the first group of a peer. */
  private boolean isMember(String user) {
    try {
      return Files.readAllLines(Path.of("/etc/group")).stream()
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length == 4 && fields[0].equals(group))
          .anyMatch(fields -> Arrays.asList(fields[3].split(",", -1)).contains(user));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read the group database", e);
      return false;
    }
  }
}
