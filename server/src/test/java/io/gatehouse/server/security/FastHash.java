// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.security.enterprise.identitystore.Pbkdf2PasswordHash;
import java.util.Map;

/** Stands in for the container's password hash, which is slow on purpose. */
final class FastHash implements Pbkdf2PasswordHash {
  @Override
  public void initialize(Map<String, String> parameters) {
    if (Integer.parseInt(parameters.get("Pbkdf2PasswordHash.Iterations")) < 210_000) {
      throw new AssertionError("too few rounds");
    }
  }

  @Override
  public String generate(char[] password) {
    return "hash:" + Secrets.hash(new String(password));
  }

  @Override
  public boolean verify(char[] password, String hashed) {
    return generate(password).equals(hashed);
  }
}
