// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import io.gatehouse.server.gateway.Rates;
import io.gatehouse.webapp.Texts;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The browsers that have a page open. Each is told only of what its page shows, and only what
 * changed there: after a change of the gateway at once, and rates that have gone to nothing within
 * seconds.
 */
@ApplicationScoped
public class Browsers {
  private static final System.Logger LOG = System.getLogger(Browsers.class.getName());
  private static final Duration BEAT = Duration.ofSeconds(3);

  /** In beats: a browser that hears nothing for 25 seconds thinks the console is gone. */
  private static final int REASSURING = 3;

  @Inject private Gateway gateway;
  @Inject private Rates rates;
  private final Map<Session, Open> open = new ConcurrentHashMap<>();
  private volatile @Nullable Thread pulse;

  private record Open(String httpSession, Watcher watcher) {}

  void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
    pulse = Thread.ofVirtual().name("browsers").start(this::beat);
  }

  @PreDestroy
  void stop() {
    Thread thread = pulse;
    if (thread != null) {
      thread.interrupt();
    }
  }

  void add(Session browser, String httpSession, Locale language) {
    open.put(browser, new Open(httpSession, new Watcher(Texts.in(language))));
  }

  /** Tells a browser all of these subjects, and from now on what changes of them. */
  synchronized void watch(Session browser, List<Subject> subjects) {
    Open known = open.get(browser);
    if (known != null) {
      known.watcher().watch(subjects);
      send(browser, known.watcher(), new Moment(gateway.view(), rates), true);
    }
  }

  void remove(Session browser) {
    open.remove(browser);
  }

  /** Whoever is no longer logged in is told nothing more. */
  void endSession(String httpSession) {
    open.forEach(
        (browser, owner) -> {
          if (owner.httpSession().equals(httpSession)) {
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

  /** Passes a change on; the rates have seen it before. */
  void tell(@Observes @jakarta.annotation.Priority(Rates.PRIORITY + 1) GatewayView next) {
    tellAll(next, false);
  }

  private synchronized void tellAll(GatewayView view, boolean reassure) {
    if (!open.isEmpty()) {
      Moment now = new Moment(view, rates);
      open.forEach((browser, known) -> send(browser, known.watcher(), now, reassure));
    }
  }

  private void beat() {
    for (int count = 1; ; count++) {
      try {
        Thread.sleep(BEAT);
      } catch (InterruptedException e) {
        return;
      }
      tellAll(gateway.view(), count % REASSURING == 0);
    }
  }

  private void send(Session browser, Watcher watcher, Moment now, boolean reassure) {
    JsonObject news = watcher.news(now, reassure).orElse(null);
    if (news == null) {
      return;
    }
    // Asynchronous, so that one slow browser delays no other; a broken one is closed by its
    // endpoint.
    browser
        .getAsyncRemote()
        .sendText(
            news.toString(),
            result -> {
              if (!result.isOK()) {
                remove(browser);
              }
            });
  }
}
