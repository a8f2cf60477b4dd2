// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import java.io.IOException;
import java.util.List;

/** A plan failed, and not all that had been done of it could be undone. */
final class NotUndoneException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient List<String> stuck;
  private final transient Setup left;

  /**
   * Made when the last step back was tried.
   *
   * @param why the plan failed
   * @param stuck why steps back failed, at least one
   * @param left what the tunnel has on the machine now, as far as is known
   */
  NotUndoneException(Exception why, List<String> stuck, Setup left) {
    super(why.getMessage() + ", and could not be undone wholly: " + String.join(", ", stuck), why);
    this.stuck = List.copyOf(stuck);
    this.left = left;
  }

  List<String> stuck() {
    return stuck;
  }

  Setup left() {
    return left;
  }
}
