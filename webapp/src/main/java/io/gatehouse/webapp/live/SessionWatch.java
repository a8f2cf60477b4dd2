// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/** Ends the push of a session that is logged out or has timed out. */
@WebListener
public class SessionWatch implements HttpSessionListener {
  @Inject private Browsers browsers;

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    browsers.endSession(event.getSession().getId());
  }
}
