// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code explain}: a packet as it might come.
 *
 * @param source literal address
 * @param destination literal address of the same family
 */
public record PacketQuestion(String source, String destination) {}
