// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code snmp.target.add}: where SNMP notifications are to go as well. A target with
 * that address is replaced.
 *
 * @param address {@code address:port} with a literal address
 * @param user for traps one of the agent's users, for informs one of the receiver's
 * @param inform what the receiver must know of its user, for informs; missing for traps
 */
public record SnmpTargetAddition(String address, String user, Optional<SnmpInformUser> inform) {}
