// SPDX-License-Identifier: Apache-2.0
/**
 * The simulation: a machine in memory, and peers that are only played. What serves is the product's
 * own: files, the protocol, UDP over loopback, control socket, SNMP. Here stands only what takes
 * the kernel's place (TUN devices, addresses, routes, rules, packet filter, name servers) and who
 * is at the other end.
 *
 * <p>{@link io.gatehouse.daemon.simulate.Simulation} is the way in. Needs no right, and touches
 * nothing outside of its own directory.
 */
@NullMarked
package io.gatehouse.daemon.simulate;

import org.jspecify.annotations.NullMarked;
