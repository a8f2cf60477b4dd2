// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.server.security.Sessions;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/** Ends what hangs on a session that is logged out or has timed out. */
@WebListener
public class SessionWatch implements HttpSessionListener {
  @Inject private Browsers browsers;
  @Inject private Sessions sessions;

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    sessions.forget(event.getSession());
    browsers.endSession(event.getSession().getId());
  }
}
