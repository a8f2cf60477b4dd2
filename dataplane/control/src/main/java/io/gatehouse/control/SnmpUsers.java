// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of the {@code snmp.user.*} methods: who may ask by SNMP now.
 *
 * @param names sorted; when empty, the SNMP agent is off
 * @param address where the agent listens, {@code address:port}; empty while it is off
 */
public record SnmpUsers(List<String> names, String address) {
  /** Copies the list. */
  public SnmpUsers {
    names = List.copyOf(names);
  }
}
