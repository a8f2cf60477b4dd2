// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code history.restore}.
 *
 * @param revision as in {@link RevisionChoice}
 * @param file name of the only file to restore; empty for the whole directory
 * @param origin who and why, for the revision that this becomes
 */
public record Restoration(String revision, String file, ChangeOrigin origin) {}
