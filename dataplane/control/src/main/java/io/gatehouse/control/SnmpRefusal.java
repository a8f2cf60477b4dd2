// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * How many requests the SNMP agent refused for one reason. A station sees most of them as silence.
 *
 * @param kind why
 * @param count since the agent started
 */
public record SnmpRefusal(Kind kind, long count) {
  /** Why a request was refused. */
  public enum Kind {
    /** There is no user of that name (usmStatsUnknownUserNames). */
    UNKNOWN_USER,
    /** The authentication passphrase or protocol is another one (usmStatsWrongDigests). */
    WRONG_DIGEST,
    /** The privacy passphrase or protocol is another one (usmStatsDecryptionErrors). */
    DECRYPTION_ERROR,
    /** Without authentication or privacy (usmStatsUnsupportedSecLevels). */
    UNSUPPORTED_LEVEL,
    /** An old packet, or a station that has not noticed a restart (usmStatsNotInTimeWindows). */
    NOT_IN_TIME_WINDOW,
    /** SNMPv2c with another community (snmpInBadCommunityNames). */
    BAD_COMMUNITY
  }
}
