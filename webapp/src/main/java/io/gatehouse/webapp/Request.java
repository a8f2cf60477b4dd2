// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import java.io.IOException;
import java.io.UncheckedIOException;

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

  /**
   * The name or address by which the browser reaches this machine, as the visitor wrote it; empty
   * when that is of no use to others.
   */
  public static String visitedHost() {
    String host = context().getExternalContext().getRequestServerName();
    boolean own =
        host.equals("localhost")
            || host.startsWith("127.")
            || host.replaceAll("[\\[\\]]", "").equals("::1");
    return own ? "" : host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /** Sends the browser to another page of ours. */
  public static void redirect(String address) {
    try {
      context().getExternalContext().redirect(address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
