// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code snmp.target.remove}.
 *
 * @param address {@code address:port} of a target that was added, not of one of the settings
 */
public record SnmpTargetRemoval(String address) {}
