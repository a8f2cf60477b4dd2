// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The languages that the console speaks. */
public final class Languages {
  /** The cookie that keeps a visitor's choice. */
  public static final String COOKIE = "gatehouse-language";

  /** All of them; the first is for visitors who understand none of the others. */
  public static final List<Locale> ALL = List.of(Locale.ENGLISH, Locale.GERMAN, Locale.of("ar"));

  private Languages() {}

  /**
   * The language for a visitor.
   *
   * @param chosen language tag that the visitor chose, or empty
   * @param accepted what the browser says it accepts (RFC 9110, section 12.5.4), or empty
   */
  public static Locale choose(String chosen, String accepted) {
    List<Locale.LanguageRange> wishes;
    try {
      wishes = Locale.LanguageRange.parse(chosen.isEmpty() ? accepted : chosen);
    } catch (IllegalArgumentException e) {
      return ALL.getFirst();
    }
    Locale found = Locale.lookup(wishes, ALL);
    return found == null ? ALL.getFirst() : found;
  }

  /** Whether it is written from right to left. */
  static boolean isRightToLeft(Locale locale) {
    return Arrays.asList("ar", "fa", "he", "ur").contains(locale.getLanguage());
  }

  /** Addresses and counters stand beside each other, so all are written with the same digits. */
  static Locale forNumbers(Locale locale) {
    return new Locale.Builder().setLocale(locale).setUnicodeLocaleKeyword("nu", "latn").build();
  }
}
