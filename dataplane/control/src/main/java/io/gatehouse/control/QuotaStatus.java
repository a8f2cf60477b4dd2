// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * How much a peer may send and receive, and how much of it is used.
 *
 * @param limit octets, both directions together, 1 or more
 * @param period {@code day}, {@code week}, {@code month} or {@code total}
 * @param used octets in the present period; more than the limit by what passed in the second in
 *     which it was reached
 * @param ends Unix seconds when the next period begins, 0 when never
 */
public record QuotaStatus(long limit, String period, long used, long ends) {}
