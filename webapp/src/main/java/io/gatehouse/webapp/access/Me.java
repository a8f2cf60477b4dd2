// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Caller;
import io.gatehouse.server.security.Role;
import io.gatehouse.server.security.Sessions;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/**
 * The user that a page is made for. Pages ask it so that they offer nothing that would be refused;
 * that it is refused does not depend on them.
 */
@Named
@RequestScoped
public class Me {
  @Inject private Sessions sessions;

  /** Whether they may; the word is the name of an {@link Action}. */
  public boolean may(String action) {
    return Caller.current().may(Action.valueOf(action));
  }

  public String getName() {
    return Caller.current().name();
  }

  /** What they may; as of a viewer while nobody is logged in. */
  public Role getRole() {
    return Caller.current().role().orElse(Role.VIEWER);
  }

  /** The session of this request; empty when there is none. */
  public String getSession() {
    return sessions.of(Visitor.request()).map(Sessions.Login::id).orElse("");
  }
}
