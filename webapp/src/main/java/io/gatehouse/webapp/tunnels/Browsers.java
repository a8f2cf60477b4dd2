// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The browsers that have the tunnels page open. Each change is worked out once and sent to all. */
@ApplicationScoped
public class Browsers {
  private static final System.Logger LOG = System.getLogger(Browsers.class.getName());

  @Inject private Gateway gateway;
  private final Map<Session, String> open = new ConcurrentHashMap<>();
  private Optional<GatewayView> sent = Optional.empty();

  /** Tells a new browser everything, and from now on what changes. */
  synchronized void add(Session browser, String httpSession) {
    open.put(browser, httpSession);
    GatewayView base = sent.orElseGet(gateway::view);
    sent = Optional.of(base);
    send(browser, Push.whole(base).toString());
  }

  void remove(Session browser) {
    open.remove(browser);
  }

  /** Whoever is no longer logged in is told nothing more. */
  void endSession(String httpSession) {
    open.forEach(
        (browser, owner) -> {
          if (owner.equals(httpSession)) {
            open.remove(browser);
            try {
              browser.close(
                  new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "the session has ended"));
            } catch (IOException e) {
              LOG.log(System.Logger.Level.DEBUG, "a browser was gone already", e);
            }
          }
        });
  }

  synchronized void tell(@Observes GatewayView next) {
    if (!open.isEmpty()) {
      String change = Push.between(sent.orElse(next), next).toString();
      open.keySet().forEach(browser -> send(browser, change));
    }
    sent = Optional.of(next);
  }

  private void send(Session browser, String message) {
    // Asynchronous, so that one slow browser delays no other; a broken one is closed by its
    // endpoint.
    browser
        .getAsyncRemote()
        .sendText(
            message,
            result -> {
              if (!result.isOK()) {
                remove(browser);
              }
            });
  }
}
