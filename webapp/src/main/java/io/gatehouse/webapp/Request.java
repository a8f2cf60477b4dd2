// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;

/** The request that a page is made for. */
public final class Request {
  private Request() {}

  /** A parameter of it, without blanks around; empty when there is none. */
  public static String parameter(String name) {
    return context().getExternalContext().getRequestParameterMap().getOrDefault(name, "").strip();
  }

  /** Who sent it, and why, as the history keeps it. */
  public static ChangeOrigin origin(String message) {
    return new ChangeOrigin(ChangeSource.CONSOLE, user(), message);
  }

  /** The user's name. */
  public static String user() {
    String user = context().getExternalContext().getRemoteUser();
    return user == null ? "" : user;
  }

  /** Says on the page what was done. */
  public static void tell(String text) {
    context().addMessage("page", new FacesMessage(FacesMessage.SEVERITY_INFO, text, ""));
  }

  /** Says on the page why something was not done. */
  public static void complain(String text) {
    context().addMessage("page", new FacesMessage(FacesMessage.SEVERITY_ERROR, text, ""));
  }

  private static FacesContext context() {
    return FacesContext.getCurrentInstance();
  }
}
