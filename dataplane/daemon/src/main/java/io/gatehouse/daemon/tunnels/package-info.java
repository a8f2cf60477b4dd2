// SPDX-License-Identifier: Apache-2.0
/**
 * Tunnels from files: the drop-in directory, the difference between running and wanted, and its
 * application.
 *
 * <p>{@link io.gatehouse.daemon.tunnels.Tunnels} is the way in. Must not know the control socket,
 * UAPI or SNMP, and calls the kernel only through {@code io.gatehouse.linux}.
 */
@NullMarked
package io.gatehouse.daemon.tunnels;

import org.jspecify.annotations.NullMarked;
