// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * What a tunnel did, mostly about handshakes. Counts only rise.
 *
 * @param underLoad whether only holders of a cookie get a handshake now
 * @param initiationsIn authenticated initiations received
 * @param initiationsOut initiations sent, retries included
 * @param responsesIn responses taken
 * @param responsesOut responses sent
 * @param cookiesIn cookie replies taken
 * @param cookiesOut cookie replies sent
 * @param completed sessions that both sides confirmed
 * @param timedOut handshakes given up after 90 s
 * @param refused handshake messages that went no further, for any reason
 * @param udp what came and went outside of the tunnel
 * @param countersSince Unix seconds from when on all counters of the tunnel count: when its file
 *     came, or when the data plane was started again after it was killed
 */
public record TunnelActivity(
    boolean underLoad,
    long initiationsIn,
    long initiationsOut,
    long responsesIn,
    long responsesOut,
    long cookiesIn,
    long cookiesOut,
    long completed,
    long timedOut,
    long refused,
    Optional<UdpStatus> udp,
    Optional<Long> countersSince) {
  /** Nothing has happened yet. */
  public static final TunnelActivity NONE =
      new TunnelActivity(false, 0, 0, 0, 0, 0, 0, 0, 0, 0, Optional.empty(), Optional.empty());
}
