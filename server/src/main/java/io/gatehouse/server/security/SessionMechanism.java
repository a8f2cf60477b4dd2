// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells the container who a request comes from: below {@code /api} the owner of the token that it
 * shows (RFC 6750), else the user of its session, and nobody else. People without one are shown to
 * the login page, programs get a 401.
 */
@ApplicationScoped
public class SessionMechanism implements HttpAuthenticationMechanism {
  private static final String BEARER = "bearer ";

  private final Accounts accounts;
  private final Sessions sessions;
  private final Tokens tokens;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected SessionMechanism() {
    this(null, null, null);
  }

  /** Makes the mechanism. */
  @Inject
  public SessionMechanism(Accounts accounts, Sessions sessions, Tokens tokens) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.tokens = tokens;
  }

  /** Whether a request shows a token, right or wrong; its session counts for nothing then. */
  static boolean hasToken(HttpServletRequest request) {
    return isApi(request) && authorization(request).toLowerCase(Locale.ROOT).startsWith(BEARER);
  }

  @Override
  public AuthenticationStatus validateRequest(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
      throws AuthenticationException {
    SecurityHeaders.setOn(request, response);
    Optional<Caller> caller = hasToken(request) ? byToken(request) : bySession(request);
    if (caller.isPresent()) {
      Entrance.admit(request, caller.get());
      return context.notifyContainerAboutLogin(
          caller.get().name(), caller.get().role().orElseThrow().names());
    }
    if (!context.isProtected()) {
      return context.doNothing();
    }
    if (isApi(request)) {
      response.setHeader("WWW-Authenticate", "Bearer");
      return context.responseUnauthorized();
    }
    if (path(request).equals("/push")) {
      return context.responseUnauthorized();
    }
    String page = request.getContextPath() + (accounts.needSetup() ? "/setup" : "/login");
    if ("partial/ajax".equals(request.getHeader("Faces-Request"))) {
      return sendPartialRedirect(response, page);
    }
    return context.redirect(page);
  }

  private Optional<Caller> byToken(HttpServletRequest request) {
    return tokens.recognise(
        authorization(request).substring(BEARER.length()).strip(), request.getRemoteAddr());
  }

  private Optional<Caller> bySession(HttpServletRequest request) {
    return sessions
        .of(request)
        .flatMap(login -> accounts.find(login.user()))
        .filter(user -> user.enabled() && user.hasPassword())
        .map(
            user ->
                new Caller(
                    user.name(),
                    Optional.of(user.role()),
                    request.getRemoteAddr(),
                    Caller.Way.SESSION));
  }

  private static boolean isApi(HttpServletRequest request) {
    return path(request).startsWith("/api/") || path(request).equals("/api");
  }

  private static String path(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  private static String authorization(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    return header == null ? "" : header;
  }

  /** A page whose session has ended asks by script, and a script cannot follow to a page. */
  private static AuthenticationStatus sendPartialRedirect(HttpServletResponse response, String page)
      throws AuthenticationException {
    try {
      response.setContentType("text/xml;charset=UTF-8");
      response
          .getWriter()
          .write(
              "<?xml version='1.0' encoding='UTF-8'?>\n<partial-response><redirect url=\""
                  + page
                  + "\"/></partial-response>");
      return AuthenticationStatus.SEND_CONTINUE;
    } catch (IOException e) {
      throw new AuthenticationException(e);
    }
  }
}
