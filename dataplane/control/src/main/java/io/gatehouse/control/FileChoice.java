// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code file.read}.
 *
 * @param name such as {@code wg0.conf}
 */
public record FileChoice(String name) {}
