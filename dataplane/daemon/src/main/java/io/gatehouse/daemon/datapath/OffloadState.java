// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

/**
 * How one offload of a tunnel fares.
 *
 * @param offload which
 * @param use whether it is used
 * @param fallbacks how often the kernel granted it and refused it all the same later; what was
 *     refused went the slow way. Only rises while the tunnel is there.
 * @param error name of the newest refusal's error, such as {@code EIO}; empty when there was none
 */
public record OffloadState(Offload offload, Use use, long fallbacks, String error) {
  /** Whether an offload is used. */
  public enum Use {
    /** Yes, but for where it was refused of late. */
    ON,
    /** No, by its setting. */
    OFF,
    /** No: the kernel did not grant it. */
    UNAVAILABLE
  }
}
