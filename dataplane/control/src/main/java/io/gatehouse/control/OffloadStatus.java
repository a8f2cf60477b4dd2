// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * How one of the kernel's offloads fares in a tunnel. Without it everything works, but slower.
 *
 * @param name name in the data plane: {@code TUN_TSO}, {@code TUN_USO}, {@code UDP_GSO} or {@code
 *     UDP_GRO}
 * @param use whether it is used
 * @param setting the property that switches it off
 * @param fallbacks how often the kernel refused what it had granted, so that packets went one by
 *     one; only rises while the tunnel is there
 * @param error the newest such refusal, such as {@code EIO}; empty when there was none
 */
public record OffloadStatus(String name, Use use, String setting, long fallbacks, String error) {
  /** Whether an offload is used. */
  public enum Use {
    /** Yes, but for a minute after each refusal where it was refused. */
    ON,
    /** No, by its setting. */
    OFF,
    /** No: this kernel does not have it. */
    UNAVAILABLE
  }

  /** Whether there is something to say about it. */
  public boolean isNotable() {
    return use != Use.ON || fallbacks > 0;
  }

  /** What there is to say, in one sentence without a full stop. */
  public String text() {
    String word = name.replace('_', ' ');
    return switch (use) {
      case ON ->
          word
              + " was refused "
              + (fallbacks == 1 ? "once" : fallbacks + " times")
              + " by the kernel ("
              + error
              + "), packets went one by one; "
              + setting
              + "=false ends the attempts";
      case OFF -> word + " is off (" + setting + ")";
      case UNAVAILABLE -> word + " is not to be had on this kernel";
    };
  }
}
