// SPDX-License-Identifier: Apache-2.0
/**
 * A packet's way between the TUN device and the UDP socket, and the tunnel that owns both.
 *
 * <p>{@link io.gatehouse.daemon.datapath.Tunnel} is the one door. Inside, each direction runs to
 * completion on one thread, allocates nothing per packet and takes no lock; whatever is rare
 * happens on the tunnel's control thread. Configuration files, UAPI text and status records do not
 * belong here.
 */
@NullMarked
package io.gatehouse.daemon.datapath;

import org.jspecify.annotations.NullMarked;
