// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.handover;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Gives a sealed file to whoever posts the id of its link. For everyone; only by POST, so that
 * nothing that looks at addresses in advance uses a link up.
 */
@WebServlet("/take")
public class TakeServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  /** More than an id. */
  private static final int LONGEST = 100;

  @Inject private transient Links links;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String id = new String(request.getInputStream().readNBytes(LONGEST), US_ASCII);
    Optional<String> sealed = links.take(id);
    if (sealed.isEmpty()) {
      response.sendError(HttpServletResponse.SC_GONE);
      return;
    }
    response.setContentType("text/plain; charset=us-ascii");
    response.getWriter().write(sealed.get());
  }
}
