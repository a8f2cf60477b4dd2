// SPDX-License-Identifier: Apache-2.0
/**
 * Backups on their way between whoever asks the console and the data plane. They are encrypted when
 * they come by here, and pass through; what the console adds of its own is its state.
 */
@NullMarked
package io.gatehouse.server.backup;

import org.jspecify.annotations.NullMarked;
