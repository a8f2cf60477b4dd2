// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Whoever sent the current request, and how to answer them. */
final class Visitor {
  private Visitor() {}

  static HttpServletRequest request() {
    return (HttpServletRequest) context().getExternalContext().getRequest();
  }

  static void complain(String clientId, String text) {
    context().addMessage(clientId, new FacesMessage(FacesMessage.SEVERITY_ERROR, text, text));
  }

  static void sendTo(String page) {
    ExternalContext external = context().getExternalContext();
    try {
      external.redirect(external.getRequestContextPath() + page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FacesContext context() {
    return FacesContext.getCurrentInstance();
  }
}
