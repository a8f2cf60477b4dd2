// SPDX-License-Identifier: Apache-2.0
/**
 * A gateway's status as metrics in the text formats of Prometheus and OpenMetrics, for whoever has
 * a status and wants to serve it.
 */
@NullMarked
package io.gatehouse.control.metrics;

import org.jspecify.annotations.NullMarked;
