// SPDX-License-Identifier: Apache-2.0
/**
 * WireGuard itself: handshake, sessions, timers, cryptokey routing.
 *
 * <p>Does no I/O and reads no clock: packets and time come in as arguments. It must not call the
 * kernel or know where packets come from.
 *
 * <p>Three threads share a device, each word with one writer: the transmit thread owns send
 * counters and staged packets, the receive thread replay windows, the control thread all else. What
 * the packet threads need is published through volatile fields; what they noticed they leave as
 * stamps and requests in {@link io.gatehouse.protocol.Peer}, where the control thread finds it.
 */
@NullMarked
package io.gatehouse.protocol;

import org.jspecify.annotations.NullMarked;
