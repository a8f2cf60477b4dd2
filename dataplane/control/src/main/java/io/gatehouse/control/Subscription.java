// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code subscribe}.
 *
 * @param protocol what the client understands, as in {@link GatewayStatus}; 1 if it is missing.
 *     From 2 on it is told only what changes
 */
public record Subscription(Optional<Integer> protocol) {}
