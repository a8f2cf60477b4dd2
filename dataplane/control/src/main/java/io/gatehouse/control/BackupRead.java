// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code backup.read}.
 *
 * @param id as {@code backup.make} gave it
 * @param offset octets from the beginning, 0 or more
 */
public record BackupRead(String id, long offset) {}
