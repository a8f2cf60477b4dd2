// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code peer.propose}.
 *
 * @param tunnel interface name
 * @param count for how many peers, 1 to {@value #LARGEST}
 */
public record ProposalRequest(String tunnel, int count) {
  /** The most peers of one request. */
  public static final int LARGEST = 1000;

  /** Checks the number. */
  public ProposalRequest {
    if (count < 1 || count > LARGEST) {
      throw new IllegalArgumentException("count not in 1.." + LARGEST);
    }
  }
}
