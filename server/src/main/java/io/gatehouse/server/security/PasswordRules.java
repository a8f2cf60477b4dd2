// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a new password must be (OWASP ASVS 4.0.3, 2.1.1, 2.1.2, 2.1.7): long enough, and none that
 * everybody tries first. No rule about kinds of characters.
 */
public final class PasswordRules {
  /** Fewest characters. */
  public static final int SHORTEST = 12;

  /** Most characters: more would only make hashing slow. */
  public static final int LONGEST = 128;

  /** What is wrong with a password. */
  public enum Verdict {
    /** Nothing. */
    GOOD,
    /** Fewer than {@link #SHORTEST} characters. */
    TOO_SHORT,
    /** More than {@link #LONGEST} characters. */
    TOO_LONG,
    /** On the list of common passwords, or one with little added. */
    COMMON,
    /** Made of the user's name. */
    LIKE_NAME,
    /** Few different characters. */
    MONOTONOUS
  }

  private final Set<String> common;

  /** Reads the list of common passwords. */
  public PasswordRules() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                PasswordRules.class.getResourceAsStream("common-passwords.txt"),
                StandardCharsets.UTF_8))) {
      common =
          lines
              .lines()
              .filter(line -> !line.startsWith("#") && !line.isBlank())
              .map(PasswordRules::core)
              .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Judges a password for a user. */
  public Verdict judge(String password, String userName) {
    int length = password.codePointCount(0, password.length());
    if (length < SHORTEST) {
      return Verdict.TOO_SHORT;
    }
    if (length > LONGEST) {
      return Verdict.TOO_LONG;
    }
    if (password.codePoints().distinct().count() < 5) {
      return Verdict.MONOTONOUS;
    }
    String core = core(password);
    if (core.isEmpty() || isRepeated(core, userName)) {
      return Verdict.LIKE_NAME;
    }
    return common.stream().anyMatch(word -> isRepeated(core, word)) ? Verdict.COMMON : Verdict.GOOD;
  }

  /** Lower case, without the digits and signs that people hang on. */
  private static String core(String password) {
    String lower = password.toLowerCase(Locale.ROOT);
    String letters = lower.replaceAll("^[^\\p{L}]+|[^\\p{L}]+$", "");
    return letters.isEmpty() ? lower : letters;
  }

  private static boolean isRepeated(String text, String word) {
    return !word.isEmpty() && text.replace(word, "").isEmpty();
  }
}
