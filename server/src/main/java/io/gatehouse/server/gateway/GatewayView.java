// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import io.gatehouse.control.GatewayStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * What the console knows of the data plane.
 *
 * @param status the newest, also while not connected; empty before the first
 * @param connected whether the status is live
 * @param since when the connection came or went
 * @param trouble why it is not connected, one sentence; else empty
 */
public record GatewayView(
    Optional<GatewayStatus> status, boolean connected, Instant since, String trouble) {}
