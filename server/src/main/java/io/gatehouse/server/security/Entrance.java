// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Where every request comes in: lets only those go on who may, by {@link Permissions}, and tells
 * everything behind who they are. What is not in the table is not there.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class Entrance extends HttpFilter {
  private static final long serialVersionUID = 1;
  private static final String CALLER = Caller.class.getName();

  /** Notes who a request comes from; only {@link SessionMechanism} knows. */
  static void admit(HttpServletRequest request, Caller caller) {
    request.setAttribute(CALLER, caller);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Caller caller =
        request.getAttribute(CALLER) instanceof Caller known
            ? known
            : Caller.stranger(request.getRemoteAddr());
    if (!Permissions.isOpen(request.getServletPath())) {
      Optional<Action> action = Permissions.ofPath(request.getServletPath());
      if (action.isEmpty()) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
        return;
      }
      if (!caller.may(action.get())) {
        response.sendError(HttpServletResponse.SC_FORBIDDEN);
        return;
      }
    }
    Caller.bind(caller);
    try {
      chain.doFilter(request, response);
    } finally {
      Caller.unbind();
    }
  }
}
