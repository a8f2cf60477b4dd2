// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

/**
 * Why a packet or a handshake went no further. The same closed set in every table, log and metric;
 * counters of all of them are always present.
 */
public enum DropReason {
  /** Too short, wrong length for its type, or an inner packet that is no IP packet. */
  MALFORMED(1),
  /** The first four octets name no message type (reserved bits included). */
  UNKNOWN_TYPE(2),
  /** MAC1 is wrong: the sender does not know our public key. */
  BAD_MAC1(3),
  /**
   * Under load and without a right MAC2; a cookie was sent. Or a cookie reply that does not open.
   */
  BAD_COOKIE(4),
  /** The initiator's static key belongs to no peer, or the peer is gone. */
  UNKNOWN_PEER(5),
  /** The receiver index belongs to no session and no handshake. */
  UNKNOWN_INDEX(6),
  /** A tag was wrong. */
  AUTH_FAILED(7),
  /** Counter seen before or left of the window, or a timestamp not newer than the last. */
  REPLAYED(8),
  /** The session is older than 180 s, has used up its counters, or is gone. */
  KEYPAIR_EXPIRED(9),
  /** The inner source address is not the sender's by longest match. */
  SOURCE_NOT_ALLOWED(10),
  /** No peer has the destination among its allowed IPs. */
  NO_PEER_FOR_DESTINATION(11),
  /** The peer's endpoint is not known. */
  NO_ENDPOINT(12),
  /** Staged packets given up after 90 s without an answer. */
  HANDSHAKE_TIMEOUT(13),
  /** Staging queue full; the oldest went. */
  QUEUE_FULL(14),
  /** Larger than the route or a length field can carry. */
  TOO_BIG(15),
  /** Above the allowed rate of handshakes. */
  RATE_LIMITED(16),
  /** The TUN device refused the packet. */
  TUNNEL_WRITE_FAILED(17),
  /** The UDP socket refused the datagram. */
  SOCKET_FAILED(18);

  private static final DropReason[] BY_NUMBER = new DropReason[values().length + 1];

  static {
    for (DropReason reason : values()) {
      BY_NUMBER[reason.number] = reason;
    }
  }

  private final int number;

  DropReason(int number) {
    this.number = number;
  }

  /** From 1 on, without gaps; does not change once released. */
  public int number() {
    return number;
  }

  /** The negative number by which packet-path methods return this reason without allocation. */
  public int code() {
    return -number;
  }

  /**
   * The reason behind a negative number.
   *
   * @param code from {@link #code()}
   */
  public static DropReason ofCode(int code) {
    return BY_NUMBER[-code];
  }
}
