// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code history.show}.
 *
 * @param revision its id, or so many of its first digits (at least 4) that it is the only one; or
 *     {@code HEAD} for the newest, {@code HEAD~1} for the one before, and so on
 */
public record RevisionChoice(String revision) {}
