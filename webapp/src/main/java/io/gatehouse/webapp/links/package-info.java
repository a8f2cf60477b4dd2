// SPDX-License-Identifier: Apache-2.0
/** The links that wait, for those who have made them. The page that opens one is a script alone. */
@NullMarked
package io.gatehouse.webapp.links;

import org.jspecify.annotations.NullMarked;
