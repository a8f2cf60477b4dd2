// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a session belongs to, since when. Kept in the HTTP session on the server; the browser has
 * only the session's random name.
 *
 * @param user name
 * @param since when the user logged in
 */
public record LoginSession(String user, Instant since) implements Serializable {
  /** A session ends after this time, however busy it is (ASVS 3.3.2). */
  public static final Duration LONGEST = Duration.ofHours(12);

  private static final String ATTRIBUTE = LoginSession.class.getName();

  /** Gives the session a new name, so that one planted before login is worthless, and a user. */
  public static void begin(HttpServletRequest request, String user) {
    request.getSession(true);
    request.changeSessionId();
    request.getSession().setAttribute(ATTRIBUTE, new LoginSession(user, Instant.now()));
  }

  /** Ends the session. */
  public static void end(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      session.invalidate();
    }
  }

  static Optional<LoginSession> of(HttpServletRequest request, Instant now) {
    HttpSession session = request.getSession(false);
    @Nullable Object value = session == null ? null : session.getAttribute(ATTRIBUTE);
    return value instanceof LoginSession login && now.isBefore(login.since().plus(LONGEST))
        ? Optional.of(login)
        : Optional.empty();
  }
}
