// SPDX-License-Identifier: Apache-2.0
/**
 * The wg-quick file format: lossless document, edits, findings, keys, prefixes, endpoints, and what
 * only comments say about peers.
 *
 * <p>Depends on nothing but the JDK and does no I/O beyond the bytes it is given, except that names
 * of ports and routing tables are looked up where the stock tools look. It must not know about
 * tunnels that run, sockets or the daemon.
 */
@NullMarked
package io.gatehouse.wgquick;

import org.jspecify.annotations.NullMarked;
