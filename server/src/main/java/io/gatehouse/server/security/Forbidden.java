// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Somebody wanted to do what they may not. Nothing was done. */
public final class Forbidden extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final @Nullable Role needed;

  /** Of an action for users of a greater role. */
  Forbidden(Action action) {
    super("this needs the role " + action.least().word());
    needed = action.least();
  }

  /** Of something that the console does for nobody. */
  public Forbidden(String what) {
    super(what + " is not to be had from the console");
    needed = null;
  }

  /** The least role that may; empty if none may. */
  public Optional<Role> needed() {
    return Optional.ofNullable(needed);
  }
}
