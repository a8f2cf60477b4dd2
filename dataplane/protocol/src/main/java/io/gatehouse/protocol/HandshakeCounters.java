// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

/**
 * What a device did about handshakes since it began. Only rise.
 *
 * @param initiationsIn authenticated ones received
 * @param initiationsOut sent, retries included
 * @param responsesIn taken
 * @param responsesOut sent
 * @param cookiesIn taken
 * @param cookiesOut sent
 * @param completed sessions that both sides confirmed
 * @param timedOut given up after 90 s
 * @param refused handshake messages dropped for any reason
 */
public record HandshakeCounters(
    long initiationsIn,
    long initiationsOut,
    long responsesIn,
    long responsesOut,
    long cookiesIn,
    long cookiesOut,
    long completed,
    long timedOut,
    long refused) {
  /** Nothing was done yet. */
  public static final HandshakeCounters NONE = new HandshakeCounters(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
