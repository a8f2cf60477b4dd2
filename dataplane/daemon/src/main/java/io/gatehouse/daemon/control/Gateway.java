// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerAdded;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUsers;

/** What the control socket reads and steers. Called from many threads at once. */
public interface Gateway {
  /** The state now. */
  GatewayStatus status();

  /**
   * Writes a peer into a tunnel's file.
   *
   * @throws ControlException with findings if the file would be wrong
   */
  PeerAdded addPeer(PeerAddition addition) throws ControlException;

  /**
   * Adds or replaces an SNMPv3 user.
   *
   * @throws ControlException if name or passphrases cannot be used
   */
  SnmpUsers addSnmpUser(SnmpUserAddition addition) throws ControlException;

  /**
   * Removes an SNMPv3 user.
   *
   * @throws ControlException if there is no such user
   */
  SnmpUsers removeSnmpUser(String name) throws ControlException;

  /**
   * The SNMPv3 users.
   *
   * @throws ControlException if the SNMP agent could not start
   */
  SnmpUsers snmpUsers() throws ControlException;
}
