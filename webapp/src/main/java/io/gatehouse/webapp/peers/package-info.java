// SPDX-License-Identifier: Apache-2.0
/** The pages of peers: all of them, found and sorted, and one of them in full. */
@NullMarked
package io.gatehouse.webapp.peers;

import org.jspecify.annotations.NullMarked;
