// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/** What the handshake machine says of a peer. The ordinal plus one is the value in the MIB. */
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
  DISABLED
}
