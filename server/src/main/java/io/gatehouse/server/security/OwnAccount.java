// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;

/**
 * What users do with their own account. Whatever would help somebody who found a browser left open
 * needs the password again.
 */
@ApplicationScoped
public class OwnAccount {
  private final Accounts accounts;
  private final Sessions sessions;
  private final Guard guard;
  private final InstantSource clock;
  private final Throttle tries;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected OwnAccount() {
    this(null, null, null);
  }

  /** Makes the service. */
  @Inject
  public OwnAccount(Accounts accounts, Sessions sessions, Guard guard) {
    this(accounts, sessions, guard, InstantSource.system());
  }

  OwnAccount(Accounts accounts, Sessions sessions, Guard guard, InstantSource clock) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.guard = guard;
    this.clock = clock;
    this.tries = new Throttle(clock);
  }

  /**
   * Changes the caller's password, and ends all their sessions but one.
   *
   * @param session the session that goes on
   */
  public void changePassword(String current, String next, String session) throws AccountRefusal {
    change(
        "password.change",
        current,
        name -> {
          User.Password proof = accounts.newPassword(name, next);
          User user = accounts.users().find(name).orElseThrow();
          accounts.users().put(user.with(proof));
          sessions.end(login -> login.user().equals(name) && !login.id().equals(session));
          return true;
        });
  }

  /**
   * A secret for an authenticator app; nothing is changed before the app has shown that it works.
   */
  public static byte[] makeSecret() {
    return Secrets.octets(Totp.SECRET_OCTETS);
  }

  /** A secret as people type it into an app. */
  public static String readable(byte[] secret) {
    return Totp.base32(secret).replaceAll("(.{4})(?=.)", "$1 ");
  }

  /**
   * What an app reads from a QR code.
   *
   * @param host the console's, to tell one gateway from another
   */
  public static String uri(byte[] secret, String host) {
    return Totp.uri(Caller.current().name(), host, secret);
  }

  /**
   * From now on the caller shows the app's password at log-in.
   *
   * @param code the app's password now
   * @return recovery codes to be shown once
   */
  public List<String> enrol(String current, byte[] secret, String code) throws AccountRefusal {
    return change(
        "second-factor.add",
        current,
        name -> {
          OptionalLong step = Totp.verify(secret, code, clock.instant(), 0);
          if (step.isEmpty()) {
            throw new AccountRefusal(AccountRefusal.Reason.WRONG_CODE);
          }
          List<String> recovery = SecondFactors.makeRecoveryCodes();
          accounts.factors().set(name, secret, step.getAsLong(), recovery);
          return recovery;
        });
  }

  /** From now on the caller's password is enough. */
  public void removeSecondFactor(String current) throws AccountRefusal {
    change(
        "second-factor.remove",
        current,
        name -> {
          accounts.factors().remove(name);
          return true;
        });
  }

  /** Other recovery codes to be shown once; the old ones are worthless. */
  public List<String> renewRecoveryCodes(String current) throws AccountRefusal {
    return change(
        "recovery-codes.renew",
        current,
        name -> {
          List<String> codes = SecondFactors.makeRecoveryCodes();
          accounts.factors().renewRecoveryCodes(name, codes);
          return codes;
        });
  }

  /** The caller's sessions, the newest first. */
  public List<Sessions.Login> sessions() {
    String name = Caller.current().name();
    return sessions.all(login -> login.user().equals(name));
  }

  /** Ends one of the caller's sessions. */
  public void endSession(String id) {
    String name = Caller.current().name();
    guard.change(
        Action.OWN_ACCOUNT,
        "session.end",
        id,
        difference -> {
          sessions.end(login -> login.user().equals(name) && login.id().equals(id));
          return true;
        });
  }

  /** Ends all of the caller's sessions but one. */
  public void endOtherSessions(String kept) {
    String name = Caller.current().name();
    guard.change(
        Action.OWN_ACCOUNT,
        "session.end-others",
        name,
        difference -> {
          sessions.end(login -> login.user().equals(name) && !login.id().equals(kept));
          return true;
        });
  }

  private interface Change<T> {
    T make(String name) throws AccountRefusal, IOException;
  }

  private <T> T change(String word, String current, Change<T> change) throws AccountRefusal {
    String name = Caller.current().name();
    return guard.change(
        Action.OWN_ACCOUNT,
        word,
        name,
        difference -> {
          Duration pause = tries.admit(name);
          if (pause.isPositive()) {
            throw AccountRefusal.wait(pause);
          }
          if (Caller.current().way() != Caller.Way.SESSION || !accounts.verify(name, current)) {
            throw new AccountRefusal(AccountRefusal.Reason.WRONG_PASSWORD);
          }
          tries.succeeded(name);
          try {
            return change.make(name);
          } catch (IOException e) {
            throw new UncheckedIOException("cannot write the account", e);
          }
        });
  }
}
