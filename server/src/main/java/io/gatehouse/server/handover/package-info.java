// SPDX-License-Identifier: Apache-2.0
/**
 * Links by which somebody without an account gets one client's file, once. The file is sealed in
 * the browser of whoever makes the link; its key stands in the part of the address that browsers
 * send nowhere, so nothing here can open it.
 */
@NullMarked
package io.gatehouse.server.handover;

import org.jspecify.annotations.NullMarked;
