// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.util.regex.Pattern;

/**
 * Someone who may log in.
 *
 * @param name lower-case letters, digits, dot, dash and underscore, beginning with a letter, at
 *     most 32
 * @param role what the user may do
 * @param passwordHash as {@code Pbkdf2PasswordHash} writes it
 */
public record User(String name, Role role, String passwordHash) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,31}");

  /** What a user may do. */
  public enum Role {
    /** Everything. */
    ADMIN
  }

  /** Checks the name. */
  public User {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "a user name is 1 to 32 lower-case letters, digits, dots, dashes or underscores and begins"
              + " with a letter");
    }
  }

  /** Whether a text may be a user name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return name + " (" + role + ")";
  }
}
