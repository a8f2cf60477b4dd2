// SPDX-License-Identifier: Apache-2.0
/** The page that tells which way a packet would go. */
@NullMarked
package io.gatehouse.webapp.explorer;

import org.jspecify.annotations.NullMarked;
