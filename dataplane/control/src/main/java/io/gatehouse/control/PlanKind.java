// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Locale;

/** What a line of a plan is about. */
public enum PlanKind {
  /** Key, port or mark of the tunnel itself. */
  DEVICE,
  /** A peer. */
  PEER,
  /** An address of the interface. */
  ADDRESS,
  /** The interface's MTU. */
  MTU,
  /** The host's name servers. */
  DNS,
  /** A route through the interface. */
  ROUTE,
  /** A rule of policy routing. */
  RULE,
  /** An nftables table. */
  NFTABLES,
  /** A switch of the kernel that lets packets be forwarded. */
  FORWARDING,
  /** A line of the file that is run by a shell. */
  HOOK;

  /** As it stands in texts for people. */
  public String words() {
    return switch (this) {
      case MTU, DNS -> name();
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
