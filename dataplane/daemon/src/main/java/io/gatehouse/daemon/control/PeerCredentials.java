// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Arrays;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.net.UnixDomainPrincipal;

/**
 * Who may use the control socket, by the credentials that the kernel vouches for (SO_PEERCRED,
 * unix(7)). Stands behind the permissions of the socket file, should those ever be loosened.
 */
final class PeerCredentials {
  private static final Logger LOG = Logger.getLogger(PeerCredentials.class.getName());

  // Principals are equal when their numbers are; where there is no such user, there is nobody to be
  // equal to.
  private final Optional<UserPrincipal> root = user("0");
  private final Optional<UserPrincipal> own = user(System.getProperty("user.name"));
  private final String group;

  /**
   * Makes one.
   *
   * @param group that may connect besides root and this user; empty for none
   */
  PeerCredentials(String group) {
    this.group = group;
  }

  /** Who that is. */
  Caller caller(UserPrincipal user) {
    return new Caller(
        user.getName(),
        root.filter(user::equals).isPresent(),
        own.filter(user::equals).isPresent());
  }

  boolean allow(UnixDomainPrincipal peer) {
    Caller caller = caller(peer.user());
    return caller.isRoot()
        || caller.isDataPlane()
        || !group.isEmpty() && (peer.group().getName().equals(group) || isMember(caller.user()));
  }

  /** By name, or by number where nobody has that name. */
  private static Optional<UserPrincipal> user(String name) {
    try {
      return Optional.of(
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name));
    } catch (IOException e) {
      return Optional.empty();
    }
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
