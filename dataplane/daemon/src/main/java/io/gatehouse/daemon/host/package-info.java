// SPDX-License-Identifier: Apache-2.0
/**
 * Reads what the checks of files want to know of the machine: interfaces, ports in use, and who
 * administers it. Only proc(5) and the platform are asked; a fact that cannot be had is left out.
 * Nothing here changes anything, and nothing decides anything: that is for {@code
 * io.gatehouse.wgquick.check}.
 */
@NullMarked
package io.gatehouse.daemon.host;

import org.jspecify.annotations.NullMarked;
