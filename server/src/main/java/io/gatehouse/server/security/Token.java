// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.time.Instant;

/**
 * What a program shows instead of a log-in. The secret itself is not kept.
 *
 * @param id what it is called in lists and addresses; no secret
 * @param owner whose it is
 * @param role what it may at most; its owner's role counts as well
 * @param hash of the secret, SHA-256 in hexadecimal
 * @param created when it was made
 * @param expires when it is worth nothing any more
 * @param lastUsed when it was last used, to within some minutes; the epoch for never
 * @param name what its owner calls it
 */
public record Token(
    String id,
    String owner,
    Role role,
    String hash,
    Instant created,
    Instant expires,
    Instant lastUsed,
    String name) {
  /** Whether it was ever used. */
  public boolean used() {
    return lastUsed.isAfter(Instant.EPOCH);
  }

  Token usedAt(Instant now) {
    return new Token(id, owner, role, hash, created, expires, now, name);
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return id + " of " + owner;
  }
}
