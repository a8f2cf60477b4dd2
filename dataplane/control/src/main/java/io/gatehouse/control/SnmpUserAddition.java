// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code snmp.user.add}: an SNMPv3 user with SHA-256 authentication and AES-128
 * privacy (RFC 7860, RFC 3826). A user of that name is replaced.
 *
 * @param name 1 to 32 characters
 * @param authPassphrase at least 12 characters
 * @param privPassphrase at least 12 characters, another one
 */
public record SnmpUserAddition(String name, Passphrase authPassphrase, Passphrase privPassphrase) {}
