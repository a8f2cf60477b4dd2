// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Optional;

/**
 * Result of the {@code snmp.target.*} methods and of {@code snmp.trap.test}: where notifications go
 * now.
 *
 * @param targets those of the settings first
 * @param fromSettings how many of them {@code gatehouse.snmp.targets} names, which are changed
 *     there alone
 */
public record SnmpTargets(List<SnmpTarget> targets, Optional<Integer> fromSettings) {
  /** Copies the list. */
  public SnmpTargets {
    targets = List.copyOf(targets);
  }

  /** None of them from the settings. */
  public SnmpTargets(List<SnmpTarget> targets) {
    this(targets, Optional.empty());
  }
}
