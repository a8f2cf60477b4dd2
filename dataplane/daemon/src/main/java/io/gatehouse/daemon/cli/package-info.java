// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code gatehouse}: wg(8) and wg-quick(8) in one program, a client of the control
 * socket, and the checker of wg-quick files.
 *
 * <p>{@link io.gatehouse.daemon.cli.GatehouseMain} is the way in. It runs for a moment and must
 * start fast, so it loads little: it must not call the kernel but reads /proc, and touches the
 * state of tunnels only through their UAPI sockets and the control socket.
 */
@NullMarked
package io.gatehouse.daemon.cli;

import org.jspecify.annotations.NullMarked;
