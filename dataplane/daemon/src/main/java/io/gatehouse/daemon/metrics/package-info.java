// SPDX-License-Identifier: Apache-2.0
/**
 * Metrics for Prometheus and whatever reads its text, served over HTTP on request.
 *
 * <p>All values come from a supplier of {@link io.gatehouse.control.GatewayStatus}, the same that
 * SNMP and the console are served from; this package must not know tunnels or the control protocol.
 */
@NullMarked
package io.gatehouse.daemon.metrics;

import org.jspecify.annotations.NullMarked;
