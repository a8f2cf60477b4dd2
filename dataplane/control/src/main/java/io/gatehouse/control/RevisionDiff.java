// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Result of {@code history.diff}.
 *
 * @param diff unified; empty if nothing differs. A private or preshared key stands there as {@code
 *     (hidden)}, also in a line that differs in nothing else
 */
public record RevisionDiff(String diff) {}
