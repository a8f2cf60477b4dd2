// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is logged in, since when, and from where. The browser has only the random name of its HTTP
 * session; a session that is not listed here belongs to nobody. All end when the console does.
 */
@ApplicationScoped
public class Sessions {
  /** A session ends after this time, however busy it is (ASVS 3.3.2). */
  public static final Duration LONGEST = Duration.ofHours(12);

  /** A session ends after this time without a request. The container has the same in server.xml. */
  public static final Duration IDLE = Duration.ofMinutes(30);

  private static final Duration SWEEP = Duration.ofMinutes(1);
  private static final String ATTRIBUTE = Sessions.class.getName();

  /**
   * One of them.
   *
   * @param id what it is called in lists; no secret
   * @param user whose it is
   * @param address from where they logged in
   * @param browser what their browser calls itself
   * @param since when they logged in
   * @param lastSeen when the last request came
   */
  public record Login(
      String id, String user, String address, String browser, Instant since, Instant lastSeen) {
    Login seen(Instant now) {
      return new Login(id, user, address, browser, since, now);
    }

    boolean isOver(Instant now) {
      return !now.isBefore(since.plus(LONGEST)) || !now.isBefore(lastSeen.plus(IDLE));
    }
  }

  private record Open(Login login, HttpSession http) {}

  private final InstantSource clock;
  private final Map<String, Open> open = new ConcurrentHashMap<>();
  private volatile @Nullable Thread sweeper;

  /** Makes an empty list. */
  @Inject
  public Sessions() {
    this(InstantSource.system());
  }

  Sessions(InstantSource clock) {
    this.clock = clock;
  }

  void start(@Observes Startup event) {
    sweeper = Thread.ofVirtual().name("sessions").start(this::sweepNowAndThen);
  }

  @PreDestroy
  void stop() {
    Thread thread = sweeper;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Gives the session a new name, so that one planted before login is worthless, and a user. */
  void begin(HttpServletRequest request, String user) {
    request.getSession(true);
    request.changeSessionId();
    HttpSession http = request.getSession();
    Instant now = clock.instant();
    String browser = request.getHeader("User-Agent");
    Login login =
        new Login(
            HexFormat.of().formatHex(Secrets.octets(8)),
            user,
            request.getRemoteAddr(),
            browser == null ? "" : browser.substring(0, Math.min(256, browser.length())),
            now,
            now);
    http.setAttribute(ATTRIBUTE, login.id());
    open.put(login.id(), new Open(login, http));
  }

  /** The session of a request, if it has one that is not over; it was seen now. */
  public Optional<Login> of(HttpServletRequest request) {
    HttpSession http = request.getSession(false);
    @Nullable Object id = http == null ? null : http.getAttribute(ATTRIBUTE);
    if (!(id instanceof String known)) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Open session =
        open.computeIfPresent(
            known,
            (name, one) ->
                one.login().isOver(now) ? one : new Open(one.login().seen(now), one.http()));
    return session == null || session.login().isOver(now)
        ? Optional.empty()
        : Optional.of(session.login());
  }

  /** Those that match, the newest first. */
  public List<Login> all(Predicate<Login> matches) {
    Instant now = clock.instant();
    return open.values().stream()
        .map(Open::login)
        .filter(login -> !login.isOver(now))
        .filter(matches)
        .sorted(Comparator.comparing(Login::since).reversed())
        .toList();
  }

  /** Ends those that match, at once, and everything that hangs on them. */
  void end(Predicate<Login> matches) {
    open.forEach(
        (id, session) -> {
          if (matches.test(session.login())) {
            open.remove(id);
            invalidate(session.http());
          }
        });
  }

  /** Takes one off the list whose HTTP session has ended by itself. */
  public void forget(HttpSession http) {
    open.values().removeIf(session -> session.http().getId().equals(http.getId()));
  }

  private void sweepNowAndThen() {
    while (true) {
      try {
        Thread.sleep(SWEEP);
      } catch (InterruptedException e) {
        return;
      }
      Instant now = clock.instant();
      end(login -> login.isOver(now));
    }
  }

  private static void invalidate(HttpSession http) {
    try {
      http.invalidate();
    } catch (IllegalStateException e) {
      // It had ended by itself a moment ago.
    }
  }
}
