// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Optional;

/**
 * Result of the {@code snmp.user.*} methods: who may ask by SNMP now.
 *
 * @param names sorted; when empty, the SNMP agent is off
 * @param address where the agent listens, {@code address:port}; empty while it is off
 * @param fromSettings those of them that {@code gatehouse.snmp.users} names, and that are changed
 *     there alone
 */
public record SnmpUsers(List<String> names, String address, Optional<List<String>> fromSettings) {
  /** Copies the lists. */
  public SnmpUsers {
    names = List.copyOf(names);
    fromSettings = fromSettings.map(List::copyOf);
  }

  /** None of them from the settings. */
  public SnmpUsers(List<String> names, String address) {
    this(names, address, Optional.empty());
  }
}
