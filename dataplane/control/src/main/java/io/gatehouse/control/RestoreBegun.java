// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Result of {@code restore.apply}: the data plane begins anew with what is restored, and hangs up
 * after this answer.
 *
 * @param made when the backup was made, Unix seconds
 */
public record RestoreBegun(long made) {}
