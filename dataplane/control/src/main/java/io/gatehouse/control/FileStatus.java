// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * A file of the tunnel directory. Holds no secret.
 *
 * @param name such as {@code wg0.conf}
 * @param state what has come of it
 * @param version of its content: the id that git gives it, 40 hexadecimal digits; empty if it
 *     cannot be read
 * @param size octets
 * @param errors how many findings about it are errors
 * @param warnings how many are warnings
 * @param notes how many are notes
 */
public record FileStatus(
    String name, FileState state, String version, long size, int errors, int warnings, int notes) {}
