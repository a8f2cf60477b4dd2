// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code snmp.user.add}: an SNMPv3 user with authentication and privacy (RFC 7860,
 * RFC 3826). A user of that name is replaced.
 *
 * @param name 1 to 32 characters
 * @param authPassphrase at least 12 characters
 * @param privPassphrase at least 12 characters, another one
 * @param authProtocol {@code SHA-256}, which it is when missing, {@code SHA-384} or {@code SHA-512}
 * @param privProtocol {@code AES-128}, which it is when missing, or {@code AES-256}
 */
public record SnmpUserAddition(
    String name,
    Passphrase authPassphrase,
    Passphrase privPassphrase,
    Optional<String> authProtocol,
    Optional<String> privProtocol) {
  /** With SHA-256 and AES-128. */
  public SnmpUserAddition(String name, Passphrase authPassphrase, Passphrase privPassphrase) {
    this(name, authPassphrase, privPassphrase, Optional.empty(), Optional.empty());
  }
}
