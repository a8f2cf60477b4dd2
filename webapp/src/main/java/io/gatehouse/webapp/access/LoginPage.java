// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.Accounts;
import io.gatehouse.server.security.Admission;
import io.gatehouse.webapp.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** The form that lets a user in, and its second step for those who have a second factor. */
@Named
@RequestScoped
public class LoginPage {
  @Inject private Accounts accounts;
  @Inject private Admission admission;
  private String user = "";
  private String password = "";
  private String code = "";

  /** Sends a visitor to where there is something to do: setup while nobody can log in. */
  public void arrive() {
    if (accounts.needSetup()) {
      Visitor.sendTo("/setup");
    } else if (Visitor.request().getUserPrincipal() != null) {
      Visitor.sendTo("/overview");
    }
  }

  /** Tries name and password. */
  public void logIn() {
    answer(admission.logIn(Visitor.request(), user, password), "login.denied");
  }

  /** Tries the second factor. */
  public void confirm() {
    answer(admission.confirm(Visitor.request(), code), "login.code.denied");
    code = "";
  }

  /** Goes back to name and password. */
  public void startAgain() {
    admission.startAgain(Visitor.request());
    Visitor.sendTo("/login");
  }

  private static void answer(Admission.Outcome outcome, String denied) {
    switch (outcome) {
      case Admission.Outcome.In in -> Visitor.sendTo("/overview");
      case Admission.Outcome.Halfway halfway -> Visitor.sendTo("/login");
      case Admission.Outcome.Denied wrong -> Visitor.complain("login", Texts.here().of(denied));
      case Admission.Outcome.Wait wait ->
          Visitor.complain("login", Texts.here().of("login.wait", wait.pause().toSeconds() + 1));
    }
  }

  /** Ends the session and everything that hangs on it. */
  public void logOut() {
    admission.logOut(Visitor.request());
    Visitor.sendTo("/login");
  }

  /** Whether the password was right, and the second factor is missing. */
  public boolean isHalfway() {
    return admission.isHalfway(Visitor.request());
  }

  /** Whether somebody has a code to make an account with. */
  public boolean isCodeExpected() {
    return accounts.isSetupOpen() || accounts.hasInvitations();
  }

  public String getUser() {
    return user;
  }

  public void setUser(String user) {
    this.user = user.strip();
  }

  public String getPassword() {
    return password;
  }

  public void setPassword(String password) {
    this.password = password;
  }

  public String getCode() {
    return code;
  }

  public void setCode(String code) {
    this.code = code.strip();
  }
}
