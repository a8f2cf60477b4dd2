// SPDX-License-Identifier: Apache-2.0
/** Backups of machines that are directories. */
@NullMarked
package io.gatehouse.daemon.backup;

import org.jspecify.annotations.NullMarked;
