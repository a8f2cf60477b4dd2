// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Result of {@code restore.send}. What was sent stays for ten minutes, or until another one begins.
 *
 * @param id for the next parts, and for what is done with it
 * @param size octets that are there
 * @param publicKey base64, of X25519: a passphrase can be sealed to it, see {@link RestoreQuestion}
 */
public record RestoreReceived(String id, long size, String publicKey) {}
