// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;
import java.util.List;
import java.util.Locale;

/** The visitor's language: as chosen in the browser and kept in a cookie, else the browser's. */
@Named
@RequestScoped
public class Language {
  /** One to choose, in its own words. */
  public record Choice(String tag, String name) {}

  /** The language of this page. */
  public Locale getLocale() {
    ExternalContext external = FacesContext.getCurrentInstance().getExternalContext();
    String chosen =
        external.getRequestCookieMap().get(Languages.COOKIE) instanceof Cookie cookie
            ? cookie.getValue()
            : "";
    return Languages.choose(
        chosen, external.getRequestHeaderMap().getOrDefault("Accept-Language", ""));
  }

  /** Its tag (RFC 5646). */
  public String getTag() {
    return getLocale().toLanguageTag();
  }

  /** {@code ltr} or {@code rtl}. */
  public String getDirection() {
    return Languages.isRightToLeft(getLocale()) ? "rtl" : "ltr";
  }

  /** All that there are to choose from. */
  public List<Choice> getChoices() {
    return Languages.ALL.stream()
        .map(locale -> new Choice(locale.toLanguageTag(), locale.getDisplayLanguage(locale)))
        .toList();
  }
}
