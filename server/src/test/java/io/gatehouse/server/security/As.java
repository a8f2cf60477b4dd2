// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.util.Optional;

/** Does something as somebody. */
public final class As {
  private As() {}

  /** What is done. */
  @FunctionalInterface
  public interface Deed<T, X extends Exception> {
    /** Does it. */
    T run() throws X;
  }

  /** As a user with a role. */
  public static <T, X extends Exception> T user(String name, Role role, Deed<T, X> deed) throws X {
    return caller(new Caller(name, Optional.of(role), "192.0.2.7", Caller.Way.SESSION), deed);
  }

  /** As nobody who is known. */
  public static <T, X extends Exception> T stranger(Deed<T, X> deed) throws X {
    return caller(Caller.stranger("192.0.2.66"), deed);
  }

  static <T, X extends Exception> T caller(Caller caller, Deed<T, X> deed) throws X {
    Caller.bind(caller);
    try {
      return deed.run();
    } finally {
      Caller.unbind();
    }
  }
}
