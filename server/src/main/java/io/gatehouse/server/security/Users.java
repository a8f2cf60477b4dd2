// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * What administrators do with the accounts of all. Whoever may less than before, or shows who they
 * are in another way, is logged out; and there is always an administrator who can log in.
 */
@ApplicationScoped
public class Users {
  /** How long an invitation is good for. */
  public static final Duration INVITATION = Duration.ofDays(7);

  /** In groups of five digits: 100 bits. */
  private static final int CODE_GROUPS = 4;

  private final Accounts accounts;
  private final Sessions sessions;
  private final Tokens tokens;
  private final Guard guard;
  private final InstantSource clock;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected Users() {
    this(null, null, null, null);
  }

  /** Makes the service. */
  @Inject
  public Users(Accounts accounts, Sessions sessions, Tokens tokens, Guard guard) {
    this(accounts, sessions, tokens, guard, InstantSource.system());
  }

  Users(Accounts accounts, Sessions sessions, Tokens tokens, Guard guard, InstantSource clock) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.tokens = tokens;
    this.guard = guard;
    this.clock = clock;
  }

  /** All of them by name. */
  public List<User> all() {
    guard.require(Action.MANAGE_USERS);
    return accounts.users().all();
  }

  /**
   * Adds a user, who chooses a password with the code.
   *
   * @return the code, to be shown once
   */
  public String invite(String name, Role role) throws AccountRefusal {
    return change(
        "user.add",
        name,
        difference -> {
          if (!User.isName(name)) {
            throw new AccountRefusal(AccountRefusal.Reason.BAD_NAME);
          }
          if (accounts.find(name).isPresent()) {
            throw new AccountRefusal(AccountRefusal.Reason.NAME_TAKEN);
          }
          String code = Secrets.code(CODE_GROUPS);
          accounts.users().add(new User(name, role, true, invitation(code)));
          difference.append("+role: ").append(role.word());
          return code;
        });
  }

  /**
   * Takes a user's password away; they choose another with the code.
   *
   * @return the code, to be shown once
   */
  public String inviteAgain(String name) throws AccountRefusal {
    return change(
        "user.invite",
        name,
        difference -> {
          User user = existing(name);
          keepAnAdministrator(name);
          String code = Secrets.code(CODE_GROUPS);
          replace(user.with(invitation(code)));
          return code;
        });
  }

  /** Says what a user may from now on. */
  public void changeRole(String name, Role role) throws AccountRefusal {
    change(
        "user.role",
        name,
        difference -> {
          User user = existing(name);
          if (role != Role.ADMIN) {
            keepAnAdministrator(name);
          }
          replace(user.with(role));
          difference.append("-role: ").append(user.role().word());
          difference.append("\n+role: ").append(role.word());
          return true;
        });
  }

  /** Keeps a user out, reversibly; tokens of theirs do not work meanwhile. */
  public void disable(String name) throws AccountRefusal {
    change(
        "user.disable",
        name,
        difference -> {
          User user = existing(name);
          keepAnAdministrator(name);
          replace(user.with(false));
          return true;
        });
  }

  /** Lets a user in again. */
  public void enable(String name) throws AccountRefusal {
    change(
        "user.enable",
        name,
        difference -> {
          accounts.users().put(existing(name).with(true));
          return true;
        });
  }

  /** Lets a user in by the password alone, because the phone is gone. */
  public void resetSecondFactor(String name) throws AccountRefusal {
    change(
        "user.reset-second-factor",
        name,
        difference -> {
          accounts.factors().remove(existing(name).name());
          sessions.end(login -> login.user().equals(name));
          return true;
        });
  }

  /** Removes a user with all their tokens. */
  public void remove(String name) throws AccountRefusal {
    change(
        "user.remove",
        name,
        difference -> {
          User user = existing(name);
          keepAnAdministrator(name);
          accounts.users().remove(name);
          accounts.factors().remove(name);
          tokens.revokeAll(name);
          sessions.end(login -> login.user().equals(name));
          difference.append("-role: ").append(user.role().word());
          return true;
        });
  }

  /** The sessions of all users, the newest first. */
  public List<Sessions.Login> sessions() {
    guard.require(Action.MANAGE_USERS);
    return sessions.all(login -> true);
  }

  /** Ends somebody's session. */
  public void endSession(String id) {
    guard.change(
        Action.MANAGE_USERS,
        "session.end",
        sessions.all(login -> login.id().equals(id)).stream()
            .map(Sessions.Login::user)
            .findFirst()
            .orElse(id),
        difference -> {
          sessions.end(login -> login.id().equals(id));
          return true;
        });
  }

  private User.Invitation invitation(String code) {
    Instant until = clock.instant().plus(INVITATION);
    return new User.Invitation(Secrets.hash(Secrets.plain(code)), until);
  }

  private User existing(String name) throws AccountRefusal {
    return accounts
        .find(name)
        .orElseThrow(() -> new AccountRefusal(AccountRefusal.Reason.NO_SUCH_USER));
  }

  private void keepAnAdministrator(String exceptFor) throws AccountRefusal {
    if (accounts.users().all().stream()
        .filter(user -> user.role() == Role.ADMIN && user.enabled() && user.hasPassword())
        .allMatch(user -> user.name().equals(exceptFor))) {
      throw new AccountRefusal(AccountRefusal.Reason.LAST_ADMIN);
    }
  }

  private void replace(User user) throws IOException {
    accounts.users().put(user);
    sessions.end(login -> login.user().equals(user.name()));
  }

  private interface Change<T> {
    T make(StringBuilder difference) throws AccountRefusal, IOException;
  }

  /** One at a time, so that two administrators cannot demote each other. */
  private synchronized <T> T change(String word, String name, Change<T> change)
      throws AccountRefusal {
    return guard.change(
        Action.MANAGE_USERS,
        word,
        name,
        difference -> {
          try {
            return change.make(difference);
          } catch (IOException e) {
            throw new UncheckedIOException("cannot write the account of " + name, e);
          }
        });
  }
}
