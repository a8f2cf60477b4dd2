// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

/** Types and lengths of the four messages (paper, 5.4). The type is a 32-bit little-endian word. */
public final class Messages {
  /** Handshake initiation. */
  public static final int INITIATION = 1;

  /** Handshake response. */
  public static final int RESPONSE = 2;

  /** Cookie reply. */
  public static final int COOKIE_REPLY = 3;

  /** Transport data. */
  public static final int DATA = 4;

  /** Octets of an initiation. */
  public static final int INITIATION_LENGTH = 148;

  /** Octets of a response. */
  public static final int RESPONSE_LENGTH = 92;

  /** Octets of a cookie reply. */
  public static final int COOKIE_REPLY_LENGTH = 64;

  private Messages() {}
}
