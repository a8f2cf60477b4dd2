// SPDX-License-Identifier: Apache-2.0
/** The page that says at a glance whether all is well. */
@NullMarked
package io.gatehouse.webapp.overview;

import org.jspecify.annotations.NullMarked;
