// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code snmp.trap.test}.
 *
 * @param text what the notification is to say
 */
public record SnmpTest(String text) {}
