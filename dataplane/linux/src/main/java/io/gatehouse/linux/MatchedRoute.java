// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import io.gatehouse.wgquick.Prefix;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The route that the kernel would take for a packet now, as {@code ip route get ... fibmatch}
 * tells.
 *
 * @param destination the route's own prefix
 * @param gateway the next machine, if it is not the destination itself
 * @param ifIndex the interface that the packet leaves by
 * @param table routing table, unsigned
 * @param local whether the destination is this machine itself
 */
public record MatchedRoute(
    Prefix destination, Optional<InetAddress> gateway, int ifIndex, int table, boolean local) {}
