// SPDX-License-Identifier: Apache-2.0
/**
 * The cross-platform userspace protocol (wireguard.com/xplatform) by which wg(8) reads and steers a
 * tunnel: one UNIX socket per tunnel, text requests, errno answers.
 *
 * <p>It turns text into a {@link io.gatehouse.protocol.DeviceChange} and a snapshot into text. It
 * must not know where tunnels come from nor how they work.
 */
@NullMarked
package io.gatehouse.daemon.uapi;

import org.jspecify.annotations.NullMarked;
