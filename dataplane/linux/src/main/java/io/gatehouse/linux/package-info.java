// SPDX-License-Identifier: Apache-2.0
/**
 * Everything that calls the kernel, by JNA direct mapping (what packets come and go by, by the
 * linker of Java): TUN, UDP batches, rtnetlink, nftables, UNIX sockets; and the programs that
 * manage the host's name servers.
 *
 * <p>It moves bytes and reports errno values; it must not know the WireGuard protocol.
 */
@NullMarked
package io.gatehouse.linux;

import org.jspecify.annotations.NullMarked;
