// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.util.stream.Collectors;

/**
 * What a request is answered in words. Pages ask for it as text, since a repetition keeps what it
 * had before the request as soon as there is an error.
 */
@Named
@RequestScoped
public class Told {
  /** What was done, in one paragraph; empty for nothing. */
  public String good(String key) {
    return text(key, false);
  }

  /** What was not done, and why; empty for nothing. */
  public String bad(String key) {
    return text(key, true);
  }

  private static String text(String key, boolean bad) {
    return FacesContext.getCurrentInstance().getMessageList(key).stream()
        .filter(message -> bad == message.getSeverity().compareTo(FacesMessage.SEVERITY_ERROR) >= 0)
        .map(FacesMessage::getSummary)
        .collect(Collectors.joining(" "));
  }
}
