// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.util.List;

/**
 * What a user shows besides the password: one-time passwords of an app, or one of the recovery
 * codes.
 *
 * @param user name
 * @param secret which the app has as well, in base32
 * @param used the last step whose password was used
 * @param recovery hashes of the recovery codes that were not used yet
 */
record SecondFactor(String user, String secret, long used, List<String> recovery) {
  SecondFactor {
    recovery = List.copyOf(recovery);
  }

  SecondFactor usedAt(long step) {
    return new SecondFactor(user, secret, step, recovery);
  }

  SecondFactor withRecovery(List<String> hashes) {
    return new SecondFactor(user, secret, used, hashes);
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "second factor of " + user;
  }
}
