// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.Accounts;
import io.gatehouse.server.security.OwnAccount;
import io.gatehouse.server.security.Role;
import io.gatehouse.server.security.Sessions;
import io.gatehouse.server.security.Token;
import io.gatehouse.server.security.Tokens;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What users do with their own account: password, recovery codes, sessions, tokens. */
@Named
@RequestScoped
public class AccessPage {
  @Inject private Accounts accounts;
  @Inject private OwnAccount own;
  @Inject private Tokens tokens;
  @Inject private Me me;
  private String current = "";
  private String next = "";
  private String repeated = "";
  private List<String> recoveryCodes = List.of();
  private String tokenName = "";
  private Role tokenRole = Role.VIEWER;
  private int tokenDays = 90;
  private String secret = "";

  /** Gives the user another password. */
  public void changePassword() {
    Texts texts = Texts.here();
    if (!next.equals(repeated)) {
      Request.complain(texts.of("setup.differs"));
      return;
    }
    Refusals.tell(
        texts.of("access.password.changed"),
        () -> own.changePassword(current, next, me.getSession()));
  }

  /** Whether the user shows a second factor at log-in. */
  public boolean isSecondFactor() {
    return accounts.hasSecondFactor(me.getName());
  }

  /** How many recovery codes are left. */
  public int getRecoveryCodesLeft() {
    return accounts.recoveryCodesLeft(me.getName());
  }

  /** Makes other recovery codes. */
  public void renewRecoveryCodes() {
    Refusals.tell(
        Texts.here().of("access.codes.renewed"),
        () -> recoveryCodes = own.renewRecoveryCodes(current));
  }

  /** From now on the password is enough. */
  public void removeSecondFactor() {
    Refusals.tell(Texts.here().of("access.factor.removed"), () -> own.removeSecondFactor(current));
  }

  /** Shows recovery codes that were made just now. */
  void show(List<String> codes) {
    recoveryCodes = codes;
  }

  /** Recovery codes that were made just now; else none. */
  public List<String> getRecoveryCodes() {
    return recoveryCodes;
  }

  /** The user's tokens, the newest first. */
  public List<Token> getTokens() {
    return tokens.of(me.getName());
  }

  /** Whether a token is past its time. */
  public boolean isExpired(Token token) {
    return tokens.isExpired(token);
  }

  /** The roles that a token of the user can have. */
  public List<Role> getRoles() {
    return Arrays.stream(Role.values()).filter(role -> me.getRole().includes(role)).toList();
  }

  /** Makes a token. */
  public void makeToken() {
    try {
      secret = tokens.make(tokenName, tokenRole, Duration.ofDays(tokenDays)).secret();
      Request.tell(Texts.here().of("access.token.made", tokenName));
      tokenName = "";
    } catch (IllegalArgumentException e) {
      Request.complain(Texts.here().of("access.token.bad"));
    }
  }

  /** The secret of a token that was made just now; else empty. */
  public String getSecret() {
    return secret;
  }

  /** Makes the token worthless that the request names. */
  public void revoke() {
    tokens.revoke(Request.parameter("id"));
    Request.tell(Texts.here().of("access.token.revoked"));
  }

  /** The user's sessions, the newest first. */
  public List<Sessions.Login> getSessions() {
    return own.sessions();
  }

  /** Ends the one that the request names. */
  public void endSession() {
    own.endSession(Request.parameter("id"));
    Request.tell(Texts.here().of("access.session.ended"));
  }

  /** Ends all but this one. */
  public void endOtherSessions() {
    own.endOtherSessions(me.getSession());
    Request.tell(Texts.here().of("access.sessions.ended"));
  }

  public String getCurrent() {
    return current;
  }

  public void setCurrent(String current) {
    this.current = current;
  }

  public String getNext() {
    return next;
  }

  public void setNext(String next) {
    this.next = next;
  }

  public String getRepeated() {
    return repeated;
  }

  public void setRepeated(String repeated) {
    this.repeated = repeated;
  }

  public String getTokenName() {
    return tokenName;
  }

  public void setTokenName(String tokenName) {
    this.tokenName = tokenName.strip();
  }

  public Role getTokenRole() {
    return tokenRole;
  }

  public void setTokenRole(Role tokenRole) {
    this.tokenRole = tokenRole;
  }

  public int getTokenDays() {
    return tokenDays;
  }

  public void setTokenDays(int tokenDays) {
    this.tokenDays = tokenDays;
  }
}
