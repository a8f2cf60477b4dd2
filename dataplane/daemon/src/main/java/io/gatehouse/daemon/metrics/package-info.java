// SPDX-License-Identifier: Apache-2.0
/**
 * Serves metrics for Prometheus and whatever reads its text over HTTP on request; what they are is
 * in {@code io.gatehouse.control.metrics}, since the console serves them as well.
 *
 * <p>All values come from a supplier of {@link io.gatehouse.control.GatewayStatus}, the same that
 * SNMP and the console are served from; this package must not know tunnels or the control protocol.
 */
@NullMarked
package io.gatehouse.daemon.metrics;

import org.jspecify.annotations.NullMarked;
