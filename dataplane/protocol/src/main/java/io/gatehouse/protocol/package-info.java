// SPDX-License-Identifier: Apache-2.0
/**
 * WireGuard itself: handshake, sessions, timers, cryptokey routing.
 *
 * <p>Does no I/O and reads no clock: packets and time come in as arguments. It must not call the
 * kernel or know where packets come from.
 */
@NullMarked
package io.gatehouse.protocol;

import org.jspecify.annotations.NullMarked;
