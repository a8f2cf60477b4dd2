// SPDX-License-Identifier: Apache-2.0
/**
 * The pages of tunnels: all of them, one of them in full, and the dialog that adds a peer. Never
 * edits a file; it asks the data plane.
 */
@NullMarked
package io.gatehouse.webapp.tunnels;

import org.jspecify.annotations.NullMarked;
