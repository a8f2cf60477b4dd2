// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * A commit that nobody has confirmed yet.
 *
 * @param revision to which the directory goes back
 * @param begun Unix milliseconds
 * @param deadline Unix milliseconds
 * @param origin who began it and why
 */
public record CommitStatus(String revision, long begun, long deadline, ChangeOrigin origin) {}
