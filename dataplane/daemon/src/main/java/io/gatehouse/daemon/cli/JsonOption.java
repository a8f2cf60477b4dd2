// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import picocli.CommandLine.Option;

/** {@code --json}, of commands that otherwise answer for people. */
final class JsonOption {
  @Option(names = "--json", description = "The answer as JSON.")
  private boolean given;

  boolean given() {
    return given;
  }
}
