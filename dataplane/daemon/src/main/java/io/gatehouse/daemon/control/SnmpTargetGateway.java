// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.SnmpTargetAddition;
import io.gatehouse.control.SnmpTargets;

/** Where SNMP notifications go, as the control socket steers it. Called from many threads. */
public interface SnmpTargetGateway {
  /**
   * Adds or replaces a target.
   *
   * @throws ControlException if it cannot be used, or does not answer
   */
  SnmpTargets add(SnmpTargetAddition addition) throws ControlException;

  /**
   * Removes a target.
   *
   * @throws ControlException if there is no such target, or it is one of the settings
   */
  SnmpTargets remove(String address) throws ControlException;

  /**
   * The targets.
   *
   * @throws ControlException if the SNMP agent could not start
   */
  SnmpTargets list() throws ControlException;

  /**
   * Sends a text to all of them.
   *
   * @throws ControlException if there are none
   */
  SnmpTargets test(String text) throws ControlException;
}
