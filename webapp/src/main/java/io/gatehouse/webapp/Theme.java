// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;

/**
 * Light or dark, as the visitor has chosen; the system's own choice until then. Chosen in the
 * browser and kept in a cookie, so that the first painted frame is right.
 */
@Named
@RequestScoped
public class Theme {
  /** {@code light}, {@code dark}, or {@code auto}. */
  public String getName() {
    Object cookie =
        FacesContext.getCurrentInstance()
            .getExternalContext()
            .getRequestCookieMap()
            .get("gatehouse-theme");
    return cookie instanceof Cookie chosen
            && (chosen.getValue().equals("light") || chosen.getValue().equals("dark"))
        ? chosen.getValue()
        : "auto";
  }

  /** The media query under which the light theme counts. */
  public String getLightMedia() {
    return media("light");
  }

  /** The media query under which the dark theme counts. */
  public String getDarkMedia() {
    return media("dark");
  }

  private String media(String scheme) {
    String name = getName();
    if (name.equals("auto")) {
      return "(prefers-color-scheme: " + scheme + ")";
    }
    return name.equals(scheme) ? "all" : "not all";
  }
}
