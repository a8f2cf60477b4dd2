// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Locale;

/**
 * How often packets or handshakes went no further for one reason.
 *
 * @param reason name of the reason in the data plane, such as {@code SOURCE_NOT_ALLOWED}; an older
 *     console may meet one that it does not know
 * @param count only rises while the tunnel is there, at least 1
 */
public record DropStatus(String reason, long count) {
  /** The reason as words, for where there is no better text. */
  public String words() {
    return reason.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
