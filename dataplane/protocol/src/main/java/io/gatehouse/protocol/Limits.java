// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

/** The constants of the paper (section 6.1) and of the kernel implementation. Times in ns. */
final class Limits {
  private static final long SECOND = 1_000_000_000L;

  static final long REKEY_AFTER_TIME = 120 * SECOND;
  static final long REJECT_AFTER_TIME = 180 * SECOND;
  static final long REKEY_TIMEOUT = 5 * SECOND;
  static final long KEEPALIVE_TIMEOUT = 10 * SECOND;

  /** An initiator that still receives at this age asks for new keys, once. */
  static final long REKEY_ON_RECEIVE = REJECT_AFTER_TIME - KEEPALIVE_TIMEOUT - REKEY_TIMEOUT;

  /** Data sent and nothing heard for so long: the peer has lost its keys. */
  static final long NEW_HANDSHAKE_TIMEOUT = KEEPALIVE_TIMEOUT + REKEY_TIMEOUT;

  /** Keys and handshakes are wiped so long after the last session began. */
  static final long WIPE_AFTER_TIME = 3 * REJECT_AFTER_TIME;

  /** Upper bound of the random delay that keeps two peers from starting together for ever. */
  static final long JITTER = 334_000_000L;

  /** 90 s / 5 s; the kernel counts so that twenty initiations leave in all. */
  static final int MAX_RETRIES = 18;

  static final long COOKIE_LIFETIME = 120 * SECOND;

  /** A peer may open at most 50 handshakes a second. */
  static final long INITIATION_INTERVAL = SECOND / 50;

  /** Unsigned. */
  static final long REKEY_AFTER_MESSAGES = 1L << 60;

  /** Unsigned, 2^64 - 8130: no counter at or above is sent or taken. */
  static final long REJECT_AFTER_MESSAGES = -1L - ReplayWindow.USABLE - 1;

  private Limits() {}
}
