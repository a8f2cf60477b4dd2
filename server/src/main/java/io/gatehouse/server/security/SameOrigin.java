// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A browser opens a WebSocket for any page that asks; only our own pages may (ASVS 13.5.1). */
@WebFilter(urlPatterns = "/push", asyncSupported = true)
public class SameOrigin extends HttpFilter {
  private static final long serialVersionUID = 1;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (isSame(request.getHeader("Origin"), request.getHeader("Host"))) {
      chain.doFilter(request, response);
    } else {
      response.sendError(HttpServletResponse.SC_FORBIDDEN);
    }
  }

  static boolean isSame(@Nullable String origin, @Nullable String host) {
    if (origin == null || host == null) {
      return false;
    }
    try {
      URI from = URI.create(origin);
      return "https".equals(from.getScheme()) && host.equalsIgnoreCase(from.getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
