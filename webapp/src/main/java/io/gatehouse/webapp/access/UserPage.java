// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.Accounts;
import io.gatehouse.server.security.Role;
import io.gatehouse.server.security.Sessions;
import io.gatehouse.server.security.Token;
import io.gatehouse.server.security.Tokens;
import io.gatehouse.server.security.User;
import io.gatehouse.server.security.Users;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.Texts;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One user, and what an administrator can do with the account. */
@Named
@RequestScoped
public class UserPage {
  @Inject private Users users;
  @Inject private Accounts accounts;
  @Inject private Tokens tokens;
  @Inject private Me me;
  private String name = "";
  private Role role = Role.VIEWER;
  private Invitation invitation = Invitation.NONE;

  /** Before anything else, for what can be done depends on who it is. */
  @PostConstruct
  void look() {
    name = Request.parameter("name");
    role = accounts.find(name).map(User::role).orElse(Role.VIEWER);
  }

  /** The user; null when there is none of that name. */
  public @Nullable User getUser() {
    return accounts.find(name).orElse(null);
  }

  /** Whether they show a second factor. */
  public boolean isSecondFactor() {
    return accounts.hasSecondFactor(name);
  }

  /** The end of their invitation, in Unix seconds; 0 when they are not invited. */
  public long getInvitedUntil() {
    User user = getUser();
    return user != null && user.proof() instanceof User.Invitation invited
        ? invited.until().getEpochSecond()
        : 0;
  }

  /** Gives the user another role. */
  public void changeRole() {
    perform("user.role.changed", () -> users.changeRole(name, role));
  }

  /** Keeps the user out. */
  public void disable() {
    perform("user.disabled", () -> users.disable(name));
  }

  /** Lets the user in again. */
  public void enable() {
    perform("user.enabled", () -> users.enable(name));
  }

  /** Takes the second factor away. */
  public void resetSecondFactor() {
    perform("user.factor.reset", () -> users.resetSecondFactor(name));
  }

  /** Takes the password away and gives a code to choose another with. */
  public void inviteAgain() {
    perform("users.invited", () -> invitation = Invitation.of(name, users.inviteAgain(name)));
  }

  /** Removes the user. */
  public void remove() {
    perform("user.removed", () -> users.remove(name));
  }

  /** Who does this to themselves has no session any more. */
  private void perform(String done, Refusals.Deed deed) {
    boolean gone = Refusals.tell(Texts.here().of(done, name), deed) && me.getSession().isEmpty();
    if (gone) {
      Visitor.sendTo("/login");
    }
  }

  /** The invitation that was made just now; else none. */
  public Invitation getInvitation() {
    return invitation;
  }

  /** The user's sessions, the newest first. */
  public List<Sessions.Login> getSessions() {
    return users.sessions().stream().filter(login -> login.user().equals(name)).toList();
  }

  /** Ends the session that the request names. */
  public void endSession() {
    users.endSession(Request.parameter("id"));
    Request.tell(Texts.here().of("access.session.ended"));
    if (me.getSession().isEmpty()) {
      Visitor.sendTo("/login");
    }
  }

  /** The user's tokens, the newest first. */
  public List<Token> getTokens() {
    return tokens.of(name);
  }

  /** Makes the token worthless that the request names. */
  public void revoke() {
    tokens.revoke(Request.parameter("id"));
    Request.tell(Texts.here().of("access.token.revoked"));
  }

  public String getName() {
    return name;
  }

  public Role getRole() {
    return role;
  }

  public void setRole(Role role) {
    this.role = role;
  }
}
