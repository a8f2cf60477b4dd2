// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.Users;

/**
 * What an administrator gives to somebody whom they invited, shown once.
 *
 * @param name of the user; empty for no invitation
 * @param code with which they choose a password
 * @param address of the page where they do
 * @param days how long it is good for
 */
public record Invitation(String name, String code, String address, long days) {
  static final Invitation NONE = new Invitation("", "", "", 0);

  static Invitation of(String name, String code) {
    return new Invitation(
        name,
        code,
        "https://" + Visitor.request().getHeader("Host") + "/setup?user=" + name,
        Users.INVITATION.toDays());
  }

  /** Without the code. */
  @Override
  public String toString() {
    return "invitation of " + name;
  }
}
