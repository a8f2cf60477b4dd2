// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Result of {@code history.show}.
 *
 * @param revision which
 * @param diff to it from the revision before, see {@link RevisionDiff}
 */
public record RevisionShown(Revision revision, String diff) {}
