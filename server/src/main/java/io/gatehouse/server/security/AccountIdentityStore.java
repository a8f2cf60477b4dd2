// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Set;

/** Shows the console's accounts to Jakarta Security. */
@ApplicationScoped
public class AccountIdentityStore implements IdentityStore {
  private final Accounts accounts;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected AccountIdentityStore() {
    this(null);
  }

  /** Makes the store. */
  @Inject
  public AccountIdentityStore(Accounts accounts) {
    this.accounts = accounts;
  }

  /** Checks name and password. */
  public CredentialValidationResult validate(UsernamePasswordCredential credential) {
    String name = credential.getCaller();
    if (!accounts.verify(name, credential.getPasswordAsString())) {
      return CredentialValidationResult.INVALID_RESULT;
    }
    return accounts
        .find(name)
        .map(user -> new CredentialValidationResult(user.name(), Set.of(user.role().name())))
        .orElse(CredentialValidationResult.INVALID_RESULT);
  }
}
