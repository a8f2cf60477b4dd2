// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Where SNMP notifications go.
 *
 * @param address {@code address:port}
 * @param user who vouches: for traps one of the agent's users, for informs one of the receiver's
 * @param inform whether the receiver acknowledges
 */
public record SnmpTarget(String address, String user, boolean inform) {}
