// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of the {@code tunnel.*} and {@code drift.*} methods: which tunnel of the directory.
 *
 * @param tunnel interface name
 * @param origin who and why; without it the user of the asking process
 */
public record TunnelChoice(String tunnel, Optional<ChangeOrigin> origin) {
  /** By whoever runs the asking process. */
  public TunnelChoice(String tunnel) {
    this(tunnel, Optional.empty());
  }
}
