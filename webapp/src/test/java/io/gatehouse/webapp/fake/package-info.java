// SPDX-License-Identifier: Apache-2.0
/**
 * A data plane that carries nothing: it speaks the control interface with made-up tunnels, so that
 * pages can be looked at with many peers and without root.
 */
package io.gatehouse.webapp.fake;
