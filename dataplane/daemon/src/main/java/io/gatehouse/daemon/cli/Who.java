// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;

/** Who stands behind a command. */
final class Who {
  private Who() {}

  /** Whoever called sudo, or else the user of the process. */
  static ChangeOrigin because(Commands commands, String message) {
    String sudo = commands.streams().variable("SUDO_USER");
    return new ChangeOrigin(
        ChangeSource.COMMAND_LINE,
        sudo.isEmpty() ? System.getProperty("user.name", "") : sudo,
        message);
  }
}
