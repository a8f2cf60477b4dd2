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
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the container who a request comes from: the user of its session, and nobody else. People
 * without one are shown to the login page, programs get a 401.
 */
@ApplicationScoped
public class SessionMechanism implements HttpAuthenticationMechanism {
  private final Accounts accounts;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected SessionMechanism() {
    this(null);
  }

  /** Makes the mechanism. */
  @Inject
  public SessionMechanism(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public AuthenticationStatus validateRequest(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
      throws AuthenticationException {
    SecurityHeaders.setOn(request, response);
    Optional<User> user =
        LoginSession.of(request, Instant.now()).flatMap(login -> accounts.find(login.user()));
    if (user.isPresent()) {
      return context.notifyContainerAboutLogin(user.get().name(), Set.of(user.get().role().name()));
    }
    if (!context.isProtected()) {
      return context.doNothing();
    }
    String path = request.getRequestURI().substring(request.getContextPath().length());
    if (path.startsWith("/api/") || path.equals("/push")) {
      return context.responseUnauthorized();
    }
    String page = request.getContextPath() + (accounts.needSetup() ? "/setup" : "/login");
    if ("partial/ajax".equals(request.getHeader("Faces-Request"))) {
      return sendPartialRedirect(response, page);
    }
    return context.redirect(page);
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
