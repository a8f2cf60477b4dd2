// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of the {@code snmp.target.*} methods and of {@code snmp.trap.test}: where notifications go
 * now.
 *
 * @param targets those of the settings first
 */
public record SnmpTargets(List<SnmpTarget> targets) {
  /** Copies the list. */
  public SnmpTargets {
    targets = List.copyOf(targets);
  }
}
