// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

/**
 * The colours of {@code wg show}, or none of them.
 *
 * @param coloured whether escape sequences are written
 */
record Terminal(boolean coloured) {
  /** By {@code WG_COLOR_MODE}: always, never, or only for a terminal. */
  static Terminal of(Streams streams) {
    return new Terminal(
        switch (streams.variable("WG_COLOR_MODE")) {
          case "always" -> true;
          case "never" -> false;
          default -> streams.isTerminal();
        });
  }

  String reset() {
    return sequence("0");
  }

  String bold() {
    return sequence("1");
  }

  String red() {
    return sequence("31");
  }

  String green() {
    return sequence("32");
  }

  String yellow() {
    return sequence("33");
  }

  String cyan() {
    return sequence("36");
  }

  private String sequence(String number) {
    return coloured ? "\u001b[" + number + "m" : "";
  }
}
