// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code restore.look}. One of the two must be there, passphrase or sealed.
 *
 * @param id as {@code restore.send} gave it
 * @param passphrase of the backup
 * @param sealed the same, so that nobody on the way sees it: base64 of 32 octets, the sender's
 *     public key of X25519, and of the passphrase in UTF-8 by AES-256-GCM with a nonce of zeros.
 *     Its key is HKDF-SHA-256 of what both key pairs agree on, with the sender's and the receiver's
 *     public key as salt and {@code Gatehouse passphrase} as info
 */
public record RestoreQuestion(String id, Optional<Passphrase> passphrase, Optional<String> sealed) {
  /**
   * Checks that it is one of the two.
   *
   * @throws IllegalArgumentException if not
   */
  public RestoreQuestion {
    if (passphrase.isPresent() == sealed.isPresent()) {
      throw new IllegalArgumentException("either a passphrase or a sealed one");
    }
  }
}
