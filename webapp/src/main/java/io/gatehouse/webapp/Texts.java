// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The console's texts, from the same bundle that the pages read. */
public final class Texts {
  private static final ResourceBundle BUNDLE =
      ResourceBundle.getBundle("io.gatehouse.webapp.Messages", Locale.ENGLISH);

  private Texts() {}

  /** The text of a key, with arguments in the places {@code {0}}, {@code {1}}. */
  public static String of(String key, Object... arguments) {
    return new MessageFormat(BUNDLE.getString(key), Locale.ENGLISH).format(arguments);
  }

  /** The text of a key that a newer data plane may have made up, or else other words. */
  public static String orElse(String key, String otherwise) {
    return BUNDLE.containsKey(key) ? of(key) : otherwise;
  }
}
