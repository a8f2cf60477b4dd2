// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import io.gatehouse.server.security.AccountRefusal;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.Texts;

/** Does something to an account, and says on the page what came of it. */
final class Refusals {
  private Refusals() {}

  @FunctionalInterface
  interface Deed {
    void run() throws AccountRefusal;
  }

  /** Whether it was done. */
  static boolean tell(String done, Deed deed) {
    try {
      deed.run();
      Request.tell(done);
      return true;
    } catch (AccountRefusal refusal) {
      Request.complain(text(refusal));
      return false;
    }
  }

  private static String text(AccountRefusal refusal) {
    Texts texts = Texts.here();
    return switch (refusal.reason()) {
      case TOO_SHORT, TOO_LONG, COMMON, LIKE_NAME, MONOTONOUS ->
          texts.of("password." + refusal.reason());
      case BAD_NAME -> texts.of("setup.bad.name");
      case WAIT -> texts.of("login.wait", refusal.pause().toSeconds() + 1);
      case NAME_TAKEN, NO_SUCH_USER, LAST_ADMIN, WRONG_PASSWORD, WRONG_CODE ->
          texts.of("account." + refusal.reason());
    };
  }
}
