// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * What became of a file.
 *
 * @param name such as {@code wg0.conf}
 * @param version of its content now; empty if it is gone
 * @param merged whether somebody else had changed it meanwhile, and both changes are in it
 */
public record FileVersion(String name, String version, boolean merged) {}
