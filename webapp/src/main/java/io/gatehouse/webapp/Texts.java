// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import io.gatehouse.server.security.Forbidden;
import jakarta.faces.context.FacesContext;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The console's texts in one language, from the same bundles that the pages read. */
public final class Texts {
  private final ResourceBundle bundle;
  private final Locale locale;

  private Texts(Locale locale) {
    this.bundle =
        ResourceBundle.getBundle(
            "io.gatehouse.webapp.Messages",
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    this.locale = Languages.forNumbers(locale);
  }

  /** In a language, or in English where there is none. */
  public static Texts in(Locale locale) {
    return new Texts(locale);
  }

  /** In the language of the page that is being made. */
  public static Texts here() {
    return in(FacesContext.getCurrentInstance().getViewRoot().getLocale());
  }

  /**
   * The text of a key, with arguments in the places {@code {0}}, {@code {1}}. A text without
   * arguments is taken as it stands, so that only one with arguments doubles its apostrophes.
   */
  public String of(String key, Object... arguments) {
    if (arguments.length == 0) {
      return bundle.getString(key);
    }
    return new MessageFormat(bundle.getString(key), locale).format(arguments);
  }

  /** The text of a key that a newer data plane may have made up, or else other words. */
  public String orElse(String key, String otherwise) {
    return bundle.containsKey(key) ? of(key) : otherwise;
  }

  /** Why somebody may not do what they wanted. */
  public String forbidden(Forbidden forbidden) {
    return forbidden
        .needed()
        .map(role -> of("forbidden", of("role." + role)))
        .orElseGet(() -> of("forbidden.always"));
  }

  /** For numbers and dates. */
  public Locale locale() {
    return locale;
  }
}
