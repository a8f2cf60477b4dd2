// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import picocli.CommandLine.Option;

/** {@code --message}, of commands that make revisions. */
final class MessageOption {
  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for the history.")
  private String text = "";

  String text() {
    return text;
  }
}
