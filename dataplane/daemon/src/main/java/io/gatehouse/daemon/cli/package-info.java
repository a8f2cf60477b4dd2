// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code gatehouse}: a client of the control socket, and the checker of wg-quick files.
 *
 * <p>It must not call the kernel nor touch the state of a running data plane but by that socket.
 */
@NullMarked
package io.gatehouse.daemon.cli;

import org.jspecify.annotations.NullMarked;
