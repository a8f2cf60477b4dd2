// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Arrays;

/**
 * A secret that a person chose, such as an SNMP passphrase. Masked in {@code toString}; {@link
 * #wipe} after use. Not thread-safe against a concurrent {@code wipe}.
 */
public final class Passphrase {
  private final char[] characters;

  private Passphrase(char[] characters) {
    this.characters = characters;
  }

  /** Wraps a copy; the caller may wipe its own array at once. */
  public static Passphrase of(char[] characters) {
    return new Passphrase(characters.clone());
  }

  /** A copy of the characters, which the caller owns and wipes. */
  public char[] reveal() {
    return characters.clone();
  }

  /** Number of characters. */
  public int length() {
    return characters.length;
  }

  /** Overwrites the characters. */
  public void wipe() {
    Arrays.fill(characters, '\0');
  }

  @Override
  public String toString() {
    return "(hidden)";
  }
}
