// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.util.List;

/**
 * A rule of policy routing that names a table, see ip-rule(8).
 *
 * @param ipv6 family: IPv6 or IPv4
 * @param priority unsigned; the lowest is asked first. 0, where the kernel keeps its own first
 *     rule, lets the kernel choose one when the rule is added
 * @param inverted {@code not}: the rule is for packets that do not match
 * @param fwMark of the packets; 0 for any
 * @param fwMask bits of the mark that count, -1 for all
 * @param table number of the routing table, unsigned
 * @param suppressPrefixLength {@code suppress_prefixlength}: a route of at most this length is
 *     passed over; -1 for none
 */
public record PolicyRule(
    boolean ipv6,
    int priority,
    boolean inverted,
    int fwMark,
    int fwMask,
    int table,
    int suppressPrefixLength) {
  /** Priority of the rule for the main table that every network namespace begins with. */
  public static final int PRIORITY_OF_MAIN = 32766;

  /** {@code not fwmark MARK table TABLE}. */
  public static PolicyRule unlessMarked(boolean ipv6, int priority, int mark, int table) {
    return new PolicyRule(ipv6, priority, true, mark, -1, table, -1);
  }

  /** {@code table main suppress_prefixlength 0}: main without its default route. */
  public static PolicyRule mainWithoutDefault(boolean ipv6, int priority) {
    return new PolicyRule(ipv6, priority, false, 0, -1, Route.MAIN, 0);
  }

  /**
   * Priority of the first of a machine's rules behind the kernel's own, before which a new one must
   * stand to count.
   *
   * @param rules in the order in which they are asked
   */
  public static int firstPriority(List<PolicyRule> rules) {
    return rules.stream()
        .mapToInt(PolicyRule::priority)
        .filter(priority -> priority != 0)
        .findFirst()
        .orElse(PRIORITY_OF_MAIN);
  }

  /** The rule in the words of {@code ip rule add}. */
  @Override
  public String toString() {
    return (ipv6 ? "-6" : "-4")
        + " rule priority "
        + Integer.toUnsignedString(priority)
        + (inverted ? " not" : "")
        + (fwMark == 0 ? "" : " fwmark " + Integer.toUnsignedString(fwMark))
        + (fwMask == -1 ? "" : "/" + Integer.toUnsignedString(fwMask))
        + " table "
        + Integer.toUnsignedString(table)
        + (suppressPrefixLength < 0 ? "" : " suppress_prefixlength " + suppressPrefixLength);
  }
}
