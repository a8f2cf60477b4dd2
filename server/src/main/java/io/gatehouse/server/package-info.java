// SPDX-License-Identifier: Apache-2.0
/**
 * The console's services, each in a package of its own. Here itself is only what version it is, and
 * nothing below knows of pages.
 */
@NullMarked
package io.gatehouse.server;

import org.jspecify.annotations.NullMarked;
