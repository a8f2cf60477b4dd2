// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

/**
 * Where the kernel would send a packet now, as {@code ip route get} tells.
 *
 * @param ifIndex the interface it leaves by
 * @param table routing table that decided, unsigned
 * @param mtu octets that fit: the route's, else the interface's
 */
public record RouteLookup(int ifIndex, int table, int mtu) {}
