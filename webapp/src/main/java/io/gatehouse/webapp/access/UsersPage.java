// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.Accounts;
import io.gatehouse.server.security.Role;
import io.gatehouse.server.security.Sessions;
import io.gatehouse.server.security.User;
import io.gatehouse.server.security.Users;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** Everybody who may log in, and the form that invites others. */
@Named
@RequestScoped
public class UsersPage {
  /**
   * A user, and what else is known of them.
   *
   * @param user who
   * @param secondFactor whether they show one
   * @param sessions how many they have open
   */
  public record Row(User user, boolean secondFactor, long sessions) {}

  @Inject private Users users;
  @Inject private Accounts accounts;
  private String name = "";
  private Role role = Role.OPERATOR;
  private Invitation invitation = Invitation.NONE;

  /** All users by name. */
  public List<Row> getUsers() {
    List<Sessions.Login> open = users.sessions();
    return users.all().stream()
        .map(
            user ->
                new Row(
                    user,
                    accounts.hasSecondFactor(user.name()),
                    open.stream().filter(login -> login.user().equals(user.name())).count()))
        .toList();
  }

  /** Whether nobody could help the only administrator. */
  public boolean isOneAdministrator() {
    return users.all().stream()
            .filter(user -> user.role() == Role.ADMIN && user.enabled() && user.hasPassword())
            .count()
        < 2;
  }

  /** The roles to choose from. */
  public List<Role> getRoles() {
    return List.of(Role.values());
  }

  /** Adds a user. */
  public void invite() {
    String invited = name;
    boolean done =
        Refusals.tell(
            Texts.here().of("users.invited", invited),
            () -> invitation = Invitation.of(invited, users.invite(invited, role)));
    if (done) {
      name = "";
    }
  }

  /** The invitation that was made just now; else none. */
  public Invitation getInvitation() {
    return invitation;
  }

  /** The sessions of all, the newest first. */
  public List<Sessions.Login> getSessions() {
    return users.sessions();
  }

  /** Ends the session that the request names. */
  public void endSession() {
    users.endSession(Request.parameter("id"));
    Request.tell(Texts.here().of("access.session.ended"));
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name.strip();
  }

  public Role getRole() {
    return role;
  }

  public void setRole(Role role) {
    this.role = role;
  }
}
