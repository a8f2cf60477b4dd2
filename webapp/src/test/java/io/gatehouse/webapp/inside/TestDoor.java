// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.inside;

import jakarta.servlet.annotation.WebServlet;
import org.jboss.arquillian.protocol.servlet5.runner.ServletTestRunner;

/**
 * Where a test of the server's inside is asked for: as whoever has not logged in, among what
 * strangers may fetch, since the console has no other place that is open to them.
 */
@WebServlet(TestDoor.ROOT + "/" + TestDoor.NAME)
public class TestDoor extends ServletTestRunner {
  static final String ROOT = "/jakarta.faces.resource";
  static final String NAME = "ArquillianServletRunnerEE9";
  private static final long serialVersionUID = 1;
}
