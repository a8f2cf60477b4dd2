// SPDX-License-Identifier: Apache-2.0
/**
 * A gateway in one encrypted file, and back: {@code docs/backup.md} has the format.
 *
 * <p>A restore is staged beside what is there, and takes its place only when the whole file has
 * proved to be right. Nothing here needs a running data plane.
 */
@NullMarked
package io.gatehouse.daemon.backup;

import org.jspecify.annotations.NullMarked;
