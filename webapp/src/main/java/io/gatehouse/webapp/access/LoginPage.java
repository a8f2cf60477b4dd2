// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.Accounts;
import io.gatehouse.server.security.LoginSession;
import io.gatehouse.webapp.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import java.time.Duration;

/** The form that lets a user in. */
@Named
@RequestScoped
public class LoginPage {
  @Inject private Accounts accounts;
  @Inject private IdentityStoreHandler stores;
  private String user = "";
  private String password = "";

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
    boolean local = Visitor.isLocal();
    Duration pause = accounts.admit(user, local);
    if (pause.isPositive()) {
      Visitor.complain("login", Texts.here().of("login.wait", pause.toSeconds() + 1));
      return;
    }
    CredentialValidationResult result =
        stores.validate(new UsernamePasswordCredential(user, password));
    if (result.getStatus() != CredentialValidationResult.Status.VALID) {
      Visitor.complain("login", Texts.here().of("login.denied"));
      return;
    }
    accounts.admitted(user, local);
    LoginSession.begin(Visitor.request(), user);
    Visitor.sendTo("/overview");
  }

  /** Ends the session and everything that hangs on it. */
  public void logOut() {
    LoginSession.end(Visitor.request());
    Visitor.sendTo("/login");
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
}
