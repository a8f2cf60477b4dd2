// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * A user of whoever receives informs. What is kept of the passphrases fits that receiver alone.
 *
 * @param authProtocol {@code SHA-256}, {@code SHA-384} or {@code SHA-512}
 * @param privProtocol {@code AES-128} or {@code AES-256}
 * @param authPassphrase at least 12 characters
 * @param privPassphrase at least 12 characters, another one
 */
public record SnmpInformUser(
    String authProtocol,
    String privProtocol,
    Passphrase authPassphrase,
    Passphrase privPassphrase) {}
