// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code history.diff}; both as in {@link RevisionChoice}.
 *
 * @param from what is taken away has a minus
 * @param to what is new has a plus
 */
public record RevisionPair(String from, String to) {}
