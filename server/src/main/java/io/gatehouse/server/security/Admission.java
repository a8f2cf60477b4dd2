// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets users in: by name and password, then by the second factor of those who have one. Each try is
 * throttled and written down.
 */
@ApplicationScoped
public class Admission {
  private static final String HALFWAY = Admission.class.getName();

  /** Whoever has shown the password shows the second factor within this time, or begins again. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Whose password was right; waits for the second factor, in the HTTP session. */
  private record Halfway(String user, Instant since) implements Serializable {}

  /** What came of a try. */
  public sealed interface Outcome {
    /** They are in. */
    record In() implements Outcome {}

    /** The password is right; the second factor is still to be shown. */
    record Halfway() implements Outcome {}

    /** Something is wrong; strangers are not told what. */
    record Denied() implements Outcome {}

    /** Too many tries. */
    record Wait(Duration pause) implements Outcome {}
  }

  private final Accounts accounts;
  private final Sessions sessions;
  private final Audit audit;
  private final InstantSource clock;
  private final Throttle logins;
  private final Throttle strangers;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected Admission() {
    this(null, null, null);
  }

  /** Makes the service. */
  @Inject
  public Admission(Accounts accounts, Sessions sessions, Audit audit) {
    this(accounts, sessions, audit, InstantSource.system());
  }

  Admission(Accounts accounts, Sessions sessions, Audit audit, InstantSource clock) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.audit = audit;
    this.clock = clock;
    this.logins = new Throttle(clock);
    this.strangers = new Throttle(clock);
  }

  /** Tries name and password. */
  public Outcome logIn(HttpServletRequest request, String name, String password) {
    Duration pause = logins.admit(key(request, name));
    if (pause.isPositive()) {
      return new Outcome.Wait(pause);
    }
    if (!accounts.verify(name, password)) {
      return deny(request, name, "wrong user name or password");
    }
    if (accounts.hasSecondFactor(name)) {
      // What the second step needs as well: a try there counts as one here.
      request.getSession(true).setAttribute(HALFWAY, new Halfway(name, clock.instant()));
      return new Outcome.Halfway();
    }
    return admit(request, name, "");
  }

  /** Whether the password of a session's user was right, and the second factor is missing. */
  public boolean isHalfway(HttpServletRequest request) {
    return halfway(request).isPresent();
  }

  /** Tries the second factor: a password of the app, or a recovery code. */
  public Outcome confirm(HttpServletRequest request, String code) {
    Optional<String> user = halfway(request);
    if (user.isEmpty()) {
      return new Outcome.Denied();
    }
    String name = user.get();
    Duration pause = logins.admit(key(request, name));
    if (pause.isPositive()) {
      return new Outcome.Wait(pause);
    }
    try {
      return switch (accounts.factors().use(name, code, clock.instant())) {
        case APP -> admit(request, name, "");
        case RECOVERY_CODE -> admit(request, name, "by a recovery code");
        case NOT -> deny(request, name, "wrong second factor");
      };
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write that a second factor was used", e);
    }
  }

  /** Lets somebody in whose account was made a moment ago. */
  public void welcome(HttpServletRequest request, User user) {
    admit(request, user.name(), "");
  }

  /** Goes back to name and password. */
  public void startAgain(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      session.removeAttribute(HALFWAY);
    }
  }

  /** Ends the session. */
  public void logOut(HttpServletRequest request) {
    sessions
        .of(request)
        .ifPresent(
            login -> {
              audit.write(AuditEntry.of(Caller.current(), "logout", login.user()));
              sessions.end(one -> one.id().equals(login.id()));
            });
  }

  private Outcome admit(HttpServletRequest request, String name, String how) {
    Caller caller = accounts.find(name).map(Caller.current()::as).orElseThrow();
    audit.write(AuditEntry.of(caller, "login", name).with(AuditEntry.Result.DONE, how));
    logins.succeeded(key(request, name));
    startAgain(request);
    sessions.begin(request, name);
    return new Outcome.In();
  }

  private Outcome deny(HttpServletRequest request, String name, String why) {
    // Names that nobody has could be made up without end, to push everything else out of the audit.
    if (accounts.find(name).isPresent()) {
      note(name, why);
    } else if (strangers.admit(request.getRemoteAddr()).isZero()) {
      note("", "a user name that nobody has");
    }
    return new Outcome.Denied();
  }

  private void note(String name, String why) {
    audit.write(
        AuditEntry.of(Caller.current(), "login", name).with(AuditEntry.Result.REFUSED, why));
  }

  private Optional<String> halfway(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    @Nullable Object value = session == null ? null : session.getAttribute(HALFWAY);
    return value instanceof Halfway half && clock.instant().isBefore(half.since().plus(PATIENCE))
        ? Optional.of(half.user())
        : Optional.empty();
  }

  /** Strangers elsewhere must not be able to keep the administrator from logging in here. */
  private static String key(HttpServletRequest request, String name) {
    String bounded = name.length() > 64 ? name.substring(0, 64) : name;
    return (isLocal(request) ? "local " : "remote ") + bounded.toLowerCase(Locale.ROOT);
  }

  private static boolean isLocal(HttpServletRequest request) {
    try {
      return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
