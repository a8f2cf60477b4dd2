// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Result of {@code backup.make}: it can be fetched with {@code backup.read}, for ten minutes or
 * until the next one is made.
 *
 * @param id for {@code backup.read}
 * @param size octets
 * @param made Unix seconds
 */
public record BackupMade(String id, long size, long made) {}
