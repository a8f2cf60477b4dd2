// SPDX-License-Identifier: Apache-2.0
/** The page of the two processes themselves: health, versions, certificate, where things lie. */
@NullMarked
package io.gatehouse.webapp.system;

import org.jspecify.annotations.NullMarked;
