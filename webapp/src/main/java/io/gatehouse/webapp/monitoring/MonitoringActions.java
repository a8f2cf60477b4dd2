// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.monitoring;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Passphrase;
import io.gatehouse.control.SnmpInformUser;
import io.gatehouse.control.SnmpTargetAddition;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;

/** Adds, changes and removes SNMP users and targets, and tries the targets. */
@Named
@RequestScoped
public class MonitoringActions {
  @Inject private Gateway gateway;
  @Inject private Live live;
  @Inject private MonitoringPage page;
  private List<FindingStatus> findings = List.of();

  private String name = "";
  private String auth = "SHA-256";
  private String priv = "AES-128";
  private String authPassphrase = "";
  private String privPassphrase = "";

  private String address = "";
  private String targetUser = "";
  private boolean inform;

  /** Adds a user, or gives a known one other passphrases. */
  public void addUser() {
    try (Passphrases secrets = new Passphrases()) {
      SnmpUserAddition addition =
          new SnmpUserAddition(
              name, secrets.auth, secrets.priv, Optional.of(auth), Optional.of(priv));
      if (done("monitoring.user.added", name, dataPlane -> dataPlane.addSnmpUser(addition))) {
        name = "";
      }
    }
  }

  /** Removes the user that the request names. */
  public void removeUser() {
    String user = Request.parameter("user");
    var _ = done("monitoring.user.removed", user, dataPlane -> dataPlane.removeSnmpUser(user));
  }

  /** Sends notifications somewhere as well. */
  public void addTarget() {
    try (Passphrases secrets = new Passphrases()) {
      Optional<SnmpInformUser> receiver =
          inform
              ? Optional.of(new SnmpInformUser(auth, priv, secrets.auth, secrets.priv))
              : Optional.empty();
      SnmpTargetAddition addition = new SnmpTargetAddition(address, targetUser, receiver);
      if (done(
          "monitoring.target.added", address, dataPlane -> dataPlane.addSnmpTarget(addition))) {
        address = "";
        targetUser = "";
        inform = false;
      }
    }
  }

  /** Removes the target that the request names. */
  public void removeTarget() {
    String target = Request.parameter("target");
    var _ =
        done("monitoring.target.removed", target, dataPlane -> dataPlane.removeSnmpTarget(target));
  }

  /** Sends a test notification to all targets. */
  public void test() {
    String text = live.texts().of("monitoring.test.text", Request.user());
    var _ = done("monitoring.test.sent", "", dataPlane -> dataPlane.testSnmpTargets(text));
  }

  private <T> boolean done(String text, String about, Gateway.Question<T> question) {
    Answer<T> answer = Answer.of(gateway, live.texts(), question);
    findings = answer.findings();
    page.forget();
    if (answer.value().isPresent()) {
      Request.tell(about.isEmpty() ? live.texts().of(text) : live.texts().of(text, about));
      return true;
    }
    Request.complain(answer.refusal());
    return false;
  }

  /** Those of the form, wiped when they have been sent. */
  private final class Passphrases implements AutoCloseable {
    final Passphrase auth = Passphrase.of(authPassphrase.toCharArray());
    final Passphrase priv = Passphrase.of(privPassphrase.toCharArray());

    @Override
    public void close() {
      auth.wipe();
      priv.wipe();
      authPassphrase = "";
      privPassphrase = "";
    }
  }

  /** Why something was refused, in detail. */
  public List<FindingStatus> getFindings() {
    return findings;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name.strip();
  }

  public String getAuth() {
    return auth;
  }

  public void setAuth(String auth) {
    this.auth = auth;
  }

  public String getPriv() {
    return priv;
  }

  public void setPriv(String priv) {
    this.priv = priv;
  }

  /** Always empty: what was typed is not shown again. */
  public String getAuthPassphrase() {
    return "";
  }

  public void setAuthPassphrase(String passphrase) {
    authPassphrase = passphrase;
  }

  /** Always empty: what was typed is not shown again. */
  public String getPrivPassphrase() {
    return "";
  }

  public void setPrivPassphrase(String passphrase) {
    privPassphrase = passphrase;
  }

  public String getAddress() {
    return address;
  }

  public void setAddress(String address) {
    this.address = address.strip();
  }

  public String getTargetUser() {
    return targetUser;
  }

  public void setTargetUser(String user) {
    targetUser = user.strip();
  }

  public boolean isInform() {
    return inform;
  }

  public void setInform(boolean inform) {
    this.inform = inform;
  }
}
