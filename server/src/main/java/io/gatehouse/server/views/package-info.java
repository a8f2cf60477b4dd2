// SPDX-License-Identifier: Apache-2.0
/** What users keep of the pages for themselves. Nothing here says what anybody may. */
@NullMarked
package io.gatehouse.server.views;

import org.jspecify.annotations.NullMarked;
