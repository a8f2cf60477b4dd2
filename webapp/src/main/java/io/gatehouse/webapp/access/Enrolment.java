// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.OwnAccount;
import io.gatehouse.webapp.Texts;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;

/**
 * Adds a second factor: shows a secret for the app, and keeps it only once the app has shown a
 * right password.
 */
@Named
@ViewScoped
public class Enrolment implements Serializable {
  private static final long serialVersionUID = 1;

  @Inject private transient OwnAccount own;

  /**
   * Shows the recovery codes: with the second factor begins another session, and this bean ends.
   */
  @Inject private transient AccessPage page;

  private byte[] secret = new byte[0];
  private String code = "";
  private String current = "";

  /** Makes a secret to be shown. */
  public void begin() {
    secret = OwnAccount.makeSecret();
  }

  /** Keeps it, if the app knows it. */
  public void finish() {
    boolean done =
        Refusals.tell(
            Texts.here().of("access.factor.added"),
            () -> page.show(own.enrol(current, secret, code)));
    if (done) {
      secret = new byte[0];
    }
    code = "";
    current = "";
  }

  /** Whether a secret waits to be confirmed. */
  public boolean isBegun() {
    return secret.length > 0;
  }

  /** The secret as people type it. */
  public String getReadable() {
    return OwnAccount.readable(secret);
  }

  /** The secret as an app reads it from a QR code. */
  public String getUri() {
    return OwnAccount.uri(secret, Visitor.request().getHeader("Host"));
  }

  public String getCode() {
    return code;
  }

  public void setCode(String code) {
    this.code = code;
  }

  public String getCurrent() {
    return current;
  }

  public void setCurrent(String current) {
    this.current = current;
  }
}
