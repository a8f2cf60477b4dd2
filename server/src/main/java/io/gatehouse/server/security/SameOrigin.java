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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other sites from using a visitor's session. A browser opens a WebSocket, and sends a form,
 * for any page that asks; only our own pages may (ASVS 13.5.1, 4.2.2). Forms have a secret of their
 * own besides, the view state of Faces. Below {@code /api} there is none, so a change there by a
 * session must show that it comes from here; one by a token comes from no browser.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class SameOrigin extends HttpFilter {
  private static final long serialVersionUID = 1;
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (mayCome(
        request.getMethod(),
        request.getServletPath(),
        request.getHeader("Upgrade") != null,
        SessionMechanism.hasToken(request),
        request.getHeader("Sec-Fetch-Site"),
        request.getHeader("Origin"),
        request.getHeader("Host"))) {
      chain.doFilter(request, response);
    } else {
      response.sendError(HttpServletResponse.SC_FORBIDDEN);
    }
  }

  static boolean mayCome(
      String method,
      String path,
      boolean upgrade,
      boolean byToken,
      @Nullable String site,
      @Nullable String origin,
      @Nullable String host) {
    // Not by its path: the container tells none of what will be a WebSocket.
    if (upgrade) {
      return isSame(origin, host);
    }
    if (SAFE.contains(method) || byToken) {
      return true;
    }
    if (site != null) {
      return site.equals("same-origin");
    }
    return origin == null ? !path.equals("/api") : isSame(origin, host);
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
