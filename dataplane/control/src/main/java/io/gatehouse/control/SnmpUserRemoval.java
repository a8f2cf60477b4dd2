// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code snmp.user.remove}.
 *
 * @param name of the SNMPv3 user
 */
public record SnmpUserRemoval(String name) {}
