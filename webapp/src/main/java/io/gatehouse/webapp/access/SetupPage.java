// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.Accounts;
import io.gatehouse.server.security.LoginSession;
import io.gatehouse.webapp.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** The form of the first visit: whoever has the setup code becomes the administrator. */
@Named
@RequestScoped
public class SetupPage {
  @Inject private Accounts accounts;
  private String code = "";
  private String user = "admin";
  private String password = "";
  private String repeated = "";

  /** Nobody has business here once there is an account. */
  public void arrive() {
    if (!accounts.needSetup()) {
      Visitor.sendTo("/login");
    }
  }

  /** Creates the administrator and lets them in. */
  public void create() {
    if (!password.equals(repeated)) {
      Visitor.complain("setup:repeat", Texts.here().of("setup.differs"));
      return;
    }
    switch (accounts.setUp(code, user, password)) {
      case Accounts.Setup.Done done -> {
        LoginSession.begin(Visitor.request(), done.user().name());
        Visitor.sendTo("/overview");
      }
      case Accounts.Setup.WrongCode wrong ->
          Visitor.complain("setup:code", Texts.here().of("setup.wrong.code"));
      case Accounts.Setup.BadName bad ->
          Visitor.complain("setup:user", Texts.here().of("setup.bad.name"));
      case Accounts.Setup.BadPassword bad ->
          Visitor.complain("setup:password", Texts.here().of("password." + bad.verdict().name()));
      case Accounts.Setup.Wait wait ->
          Visitor.complain(
              "setup:code", Texts.here().of("setup.wait", wait.pause().toSeconds() + 1));
      case Accounts.Setup.TooLate late ->
          Visitor.complain("setup", Texts.here().of("setup.done.already"));
    }
  }

  public String getCode() {
    return code;
  }

  public void setCode(String code) {
    this.code = code;
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

  public String getRepeated() {
    return repeated;
  }

  public void setRepeated(String repeated) {
    this.repeated = repeated;
  }
}
