// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Someone who may log in, or will once they have used their invitation.
 *
 * @param name lower-case letters, digits, dot, dash and underscore, beginning with a letter, at
 *     most 32
 * @param role what the user may do
 * @param enabled whether they may log in
 * @param proof how they show who they are
 */
public record User(String name, Role role, boolean enabled, Proof proof) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,31}");

  /** How a user shows who they are. */
  public sealed interface Proof {}

  /**
   * By a password.
   *
   * @param hash as {@code Pbkdf2PasswordHash} writes it
   */
  public record Password(String hash) implements Proof {
    /** Without the hash. */
    @Override
    public String toString() {
      return "password";
    }
  }

  /**
   * By a code that was given to them, once, to choose a password with.
   *
   * @param hash of the code, SHA-256 in hexadecimal
   * @param until when it is worth nothing any more
   */
  public record Invitation(String hash, Instant until) implements Proof {
    /** Without the hash. */
    @Override
    public String toString() {
      return "invitation until " + until;
    }
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

  /** Whether they have a password to log in with. */
  public boolean hasPassword() {
    return proof instanceof Password;
  }

  User with(Role newRole) {
    return new User(name, newRole, enabled, proof);
  }

  User with(boolean newEnabled) {
    return new User(name, role, newEnabled, proof);
  }

  User with(Proof newProof) {
    return new User(name, role, enabled, newProof);
  }
}
