// SPDX-License-Identifier: Apache-2.0
/**
 * From nothing to the first passing tunnel: the page that makes a tunnel's file and its first
 * client. Settings of tunnels that are there already are in {@code tunnels}.
 */
@NullMarked
package io.gatehouse.webapp.guide;

import org.jspecify.annotations.NullMarked;
