// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * How it stands with a peer: what the handshake machine says of one that is in force, else why it
 * is not. The ordinal plus one is the value in the MIB.
 */
public enum PeerState {
  /** No handshake has completed since the tunnel came up, and none is under way. */
  NEVER,
  /** There is a session that packets can use now. */
  UP,
  /** There was a session; it has expired and nothing asks for a new one. */
  IDLE,
  /** A handshake is under way and has not been answered. */
  RETRYING,
  /** Switched off by the administrator. */
  DISABLED,
  /** Not in force any more, since the date that its file names has come. */
  EXPIRED,
  /** Not in force until its next period begins, since it has used its quota. */
  OVER_QUOTA;

  /** Whether it is a peer of the running tunnel at all. */
  public boolean isInForce() {
    return this != DISABLED && this != EXPIRED && this != OVER_QUOTA;
  }
}
