// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import java.util.Optional;

/**
 * Who is at the other end of a connection, as the kernel vouches for it (SO_PEERCRED, unix(7)).
 *
 * @param user name of the user that its process runs as; the number, if it has no name
 * @param isRoot whether it is user 0, whatever the name, who may do everything here anyway
 * @param isDataPlane whether it is the user that the data plane runs as, who can read all that it
 *     can
 */
public record Caller(String user, boolean isRoot, boolean isDataPlane) {
  /** What it says about a change, or else that it was this user. */
  ChangeOrigin origin(Optional<ChangeOrigin> said) {
    return said.orElseGet(() -> new ChangeOrigin(ChangeSource.PROGRAM, user, ""));
  }
}
