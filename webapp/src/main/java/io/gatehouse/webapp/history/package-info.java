// SPDX-License-Identifier: Apache-2.0
/** The pages of the tunnel directory's past: what changed, when, by whom, and the way back. */
@NullMarked
package io.gatehouse.webapp.history;

import org.jspecify.annotations.NullMarked;
