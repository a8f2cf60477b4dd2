// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.util.Optional;

/**
 * Who something is done for. Bound to the thread that answers a request, by {@link Entrance}; a
 * thread that answers none works for the console itself, which may look and no more.
 *
 * @param name of the user; empty for a stranger and for the console itself
 * @param role what they may; empty for a stranger, who may nothing
 * @param address where the request came from; empty for the console itself
 * @param way how they showed who they are
 */
public record Caller(String name, Optional<Role> role, String address, Way way) {
  /** How somebody showed who they are. */
  public enum Way {
    /** By a log-in. */
    SESSION,
    /** By an API token. */
    TOKEN,
    /** Not at all. */
    NONE
  }

  private static final Caller CONSOLE = new Caller("", Optional.of(Role.VIEWER), "", Way.NONE);

  private static final ThreadLocal<Caller> BOUND = ThreadLocal.withInitial(() -> CONSOLE);

  /** Who the running thread works for. */
  public static Caller current() {
    return BOUND.get();
  }

  static Caller stranger(String address) {
    return new Caller("", Optional.empty(), address, Way.NONE);
  }

  /** The same request, of which it is known now who sent it. */
  Caller as(User user) {
    return new Caller(user.name(), Optional.of(user.role()), address, Way.SESSION);
  }

  static void bind(Caller caller) {
    BOUND.set(caller);
  }

  static void unbind() {
    BOUND.remove();
  }

  /** Whether they may. */
  public boolean may(Action action) {
    return role.filter(own -> own.includes(action.least())).isPresent();
  }
}
