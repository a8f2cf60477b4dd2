// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static io.gatehouse.linux.NetlinkMessage.NLM_F_ACK;
import static io.gatehouse.linux.NetlinkMessage.NLM_F_CREATE;
import static io.gatehouse.linux.NetlinkMessage.NLM_F_DUMP;
import static io.gatehouse.linux.NetlinkMessage.NLM_F_EXCL;

import java.nio.ByteBuffer;

/** The messages of {@code linux/fib_rules.h}. */
final class PolicyRules {
  static final int RTM_NEWRULE = 32;
  static final int RTM_DELRULE = 33;
  private static final int RTM_GETRULE = 34;
  private static final int FRA_PRIORITY = 6;
  private static final int FRA_FWMARK = 10;
  private static final int FRA_SUPPRESS_PREFIXLEN = 14;
  private static final int FRA_TABLE = 15;
  private static final int FRA_FWMASK = 16;
  private static final int FR_ACT_TO_TBL = 1;
  private static final int FIB_RULE_INVERT = 2;
  private static final int HEADER = 12;
  private static final int LARGEST_SHORT_TABLE = 255;

  private PolicyRules() {}

  static NetlinkMessage add(PolicyRule rule) {
    return message(RTM_NEWRULE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, rule);
  }

  static NetlinkMessage remove(PolicyRule rule) {
    return message(RTM_DELRULE, NLM_F_ACK, rule);
  }

  static NetlinkMessage list(boolean ipv6) {
    return header(RTM_GETRULE, NLM_F_DUMP, ipv6, 0, 0, 0);
  }

  private static NetlinkMessage message(int type, int flags, PolicyRule rule) {
    boolean isShort = Integer.compareUnsigned(rule.table(), LARGEST_SHORT_TABLE) <= 0;
    NetlinkMessage message =
        header(
            type,
            flags,
            rule.ipv6(),
            isShort ? rule.table() : 0,
            FR_ACT_TO_TBL,
            rule.inverted() ? FIB_RULE_INVERT : 0);
    message.attribute(FRA_TABLE, rule.table());
    if (rule.priority() != 0) {
      message.attribute(FRA_PRIORITY, rule.priority());
    }
    if (rule.fwMark() != 0) {
      message.attribute(FRA_FWMARK, rule.fwMark()).attribute(FRA_FWMASK, rule.fwMask());
    }
    if (rule.suppressPrefixLength() >= 0) {
      message.attribute(FRA_SUPPRESS_PREFIXLEN, rule.suppressPrefixLength());
    }
    return message;
  }

  /** struct fib_rule_hdr. */
  private static NetlinkMessage header(
      int type, int flags, boolean ipv6, int table, int action, int ruleFlags) {
    return new NetlinkMessage(type, flags)
        .octet(ipv6 ? SocketCalls.AF_INET6 : SocketCalls.AF_INET)
        .octet(0)
        .octet(0)
        .octet(0)
        .octet(table)
        .octet(0)
        .octet(0)
        .octet(action)
        .integer(ruleFlags);
  }

  static PolicyRule read(ByteBuffer body) {
    int[] numbers = new int[FRA_FWMASK + 1];
    numbers[FRA_TABLE] = body.get(4) & 0xff;
    numbers[FRA_SUPPRESS_PREFIXLEN] = -1;
    NetlinkMessage.attributes(
        body.duplicate().order(body.order()).position(HEADER),
        (type, value) -> {
          switch (type) {
            case FRA_PRIORITY, FRA_FWMARK, FRA_SUPPRESS_PREFIXLEN, FRA_TABLE, FRA_FWMASK ->
                numbers[type] = value.getInt(0);
            default -> {}
          }
        });
    return new PolicyRule(
        body.get(0) == SocketCalls.AF_INET6,
        numbers[FRA_PRIORITY],
        (body.getInt(8) & FIB_RULE_INVERT) != 0,
        numbers[FRA_FWMARK],
        numbers[FRA_FWMARK] == 0 ? -1 : numbers[FRA_FWMASK],
        numbers[FRA_TABLE],
        numbers[FRA_SUPPRESS_PREFIXLEN]);
  }
}
