// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Locale;

/**
 * How often packets or handshakes went no further for one reason.
 *
 * @param reason name of the reason in the data plane, such as {@code SOURCE_NOT_ALLOWED}; an older
 *     console may meet one that it does not know
 * @param count only rises while the tunnel is there, at least 1
 */
public record DropStatus(String reason, long count) {
  /** All reasons that the data plane of this version counts, in the order of their numbers. */
  public static final List<String> REASONS =
      List.of(
          "MALFORMED",
          "UNKNOWN_TYPE",
          "BAD_MAC1",
          "BAD_COOKIE",
          "UNKNOWN_PEER",
          "UNKNOWN_INDEX",
          "AUTH_FAILED",
          "REPLAYED",
          "KEYPAIR_EXPIRED",
          "SOURCE_NOT_ALLOWED",
          "NO_PEER_FOR_DESTINATION",
          "NO_ENDPOINT",
          "HANDSHAKE_TIMEOUT",
          "QUEUE_FULL",
          "TOO_BIG",
          "RATE_LIMITED",
          "TUNNEL_WRITE_FAILED",
          "SOCKET_FAILED");

  /** The reason as words, for where there is no better text. */
  public String words() {
    return reason.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
