// SPDX-License-Identifier: Apache-2.0
/**
 * The page of tunnels and peers: what its cells show, what is pushed when they change, and the
 * dialog that adds a peer. Never edits a file; it asks the data plane.
 */
@NullMarked
package io.gatehouse.webapp.tunnels;

import org.jspecify.annotations.NullMarked;
