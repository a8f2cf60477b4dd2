// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.security.AccountRefusal;
import io.gatehouse.server.security.Accounts;
import io.gatehouse.server.security.Admission;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.Texts;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/**
 * The form for whoever has a code: the setup code of the first visit, or one to get in again, makes
 * an administrator; that of an invitation gives a user their password.
 */
@Named
@RequestScoped
public class SetupPage {
  @Inject private Accounts accounts;
  @Inject private Admission admission;
  @Inject private Gateway gateway;
  private String code = "";
  private String user = "";
  private String password = "";
  private String repeated = "";

  @PostConstruct
  void look() {
    user = Request.parameter("user");
    if (user.isEmpty() && accounts.needSetup()) {
      user = "admin";
    }
  }

  /** Nobody has business here while there is no code. */
  public void arrive() {
    if (!accounts.isSetupOpen() && !accounts.hasInvitations()) {
      Visitor.sendTo("/login");
    }
  }

  /** Makes the account and lets them in. */
  public void create() {
    if (!password.equals(repeated)) {
      Visitor.complain("setup:repeat", Texts.here().of("setup.differs"));
      return;
    }
    try {
      admission.welcome(Visitor.request(), accounts.claim(code, user, password));
      // Whoever has files here already, or comes later, knows what a tunnel is.
      Visitor.sendTo(hasTunnels() ? "/overview" : "/new-tunnel");
    } catch (AccountRefusal refusal) {
      String reason = refusal.reason().name();
      Texts texts = Texts.here();
      switch (refusal.reason()) {
        case WRONG_CODE ->
            Visitor.complain(
                "setup:code",
                texts.of(accounts.isSetupOpen() ? "setup.wrong.code" : "setup.wrong.invitation"));
        case WAIT ->
            Visitor.complain("setup:code", texts.of("setup.wait", refusal.pause().toSeconds() + 1));
        case BAD_NAME -> Visitor.complain("setup:user", texts.of("setup.bad.name"));
        default -> Visitor.complain("setup:password", texts.of("password." + reason));
      }
    }
  }

  private boolean hasTunnels() {
    return gateway.view().status().map(status -> !status.tunnels().isEmpty()).orElse(true);
  }

  /** {@code setup}, {@code recover} or {@code invited}: why there is a code. */
  public String getReason() {
    return accounts.needSetup() ? "setup" : accounts.isSetupOpen() ? "recover" : "invited";
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
