// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

/**
 * A file of the console's state that the console has handed over to be in a backup, because nobody
 * else may read it.
 *
 * @param name in the directory of the console's state, such as {@code users}
 * @param octets what is in it; not copied
 * @param owner user and group that it belongs to
 */
// Never compared; goes from one reader to one writer.
@SuppressWarnings("ArrayRecordComponent")
public record HandedFile(String name, byte[] octets, String owner) {}
