// SPDX-License-Identifier: Apache-2.0
/**
 * What keeps a page as the gateway is while it stays open: cells, which are pushed one by one, and
 * marks, by which a browser knows that a part must be fetched again.
 */
@NullMarked
package io.gatehouse.webapp.live;

import org.jspecify.annotations.NullMarked;
