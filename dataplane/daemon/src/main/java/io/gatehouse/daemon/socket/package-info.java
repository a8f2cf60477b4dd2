// SPDX-License-Identifier: Apache-2.0
/**
 * UNIX sockets that the daemon listens on: how they come to their place with the right permissions.
 *
 * <p>It must not know what is spoken on them.
 */
@NullMarked
package io.gatehouse.daemon.socket;

import org.jspecify.annotations.NullMarked;
