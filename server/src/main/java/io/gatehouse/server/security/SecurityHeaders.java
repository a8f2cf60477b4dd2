// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Headers that every answer has; the ones that never come to a filter, since nobody is logged in,
 * get them from {@link SessionMechanism}. The pages add a second Content-Security-Policy for
 * scripts, with a nonce; a browser obeys both.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class SecurityHeaders extends HttpFilter {
  private static final long serialVersionUID = 1;

  // Styles: PrimeFaces sets positions and widths by style attributes, and by nothing else.
  private static final String POLICY =
      "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none';"
          + " frame-src 'none'; connect-src 'self'; img-src 'self' data:; font-src 'self';"
          + " media-src 'none'; worker-src 'none'; style-src 'self';"
          + " style-src-attr 'unsafe-inline'";

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    setOn(request, response);
    chain.doFilter(request, response);
  }

  static void setOn(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("Strict-Transport-Security", "max-age=31536000");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader(
        "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    if (!request.getRequestURI().contains("/jakarta.faces.resource/")) {
      response.setHeader("Cache-Control", "no-store");
    }
  }
}
