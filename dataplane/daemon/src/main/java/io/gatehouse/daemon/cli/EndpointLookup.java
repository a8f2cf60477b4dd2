// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.protocol.Endpoint;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Finds the address of an endpoint as wg(8) does: at once for a literal, else by name, again and
 * again with growing pauses while the failure may be a passing one.
 */
final class EndpointLookup {
  /** How often wg(8) tries again unless {@code WG_ENDPOINT_RESOLUTION_RETRIES} says otherwise. */
  private static final int USUAL_RETRIES = 15;

  private static final long FIRST_PAUSE_MICROS = 1_000_000;
  private static final long LONGEST_PAUSE_MICROS = 20_000_000;

  private final int retries;
  private final Names names;
  private final Pause pause;
  private final PrintStream words;

  /** Looks a name up. */
  interface Names {
    InetAddress find(String host) throws UnknownHostException;
  }

  /** Waits. */
  interface Pause {
    void await(long micros) throws InterruptedException;
  }

  /**
   * Makes one.
   *
   * @param retries -1 is without end
   * @param words where each failed try is told
   */
  EndpointLookup(int retries, Names names, Pause pause, PrintStream words) {
    this.retries = retries;
    this.names = names;
    this.pause = pause;
    this.words = words;
  }

  /** That of the system. */
  static EndpointLookup ofSystem(Streams streams) throws Failure {
    return new EndpointLookup(
        retries(streams.variable("WG_ENDPOINT_RESOLUTION_RETRIES")),
        InetAddress::getByName,
        micros -> Thread.sleep(micros / 1000),
        streams.err());
  }

  static int retries(String text) throws Failure {
    if (text.isEmpty()) {
      return USUAL_RETRIES;
    }
    if (text.equalsIgnoreCase("infinity")) {
      return -1;
    }
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new Failure(
          "Unable to parse WG_ENDPOINT_RESOLUTION_RETRIES: `" + text + "'",
          "Give a number or infinity.");
    }
  }

  /**
   * The endpoint.
   *
   * @param text as it was given, for the messages
   */
  Endpoint find(String host, int port, String text) throws Failure {
    long micros = FIRST_PAUSE_MICROS;
    for (int left = retries; ; left--) {
      String reason;
      try {
        return Endpoint.of(new InetSocketAddress(names.find(host), port));
      } catch (UnknownHostException e) {
        reason = reason(host, e);
      }
      if (left == 0 || !isPassing(reason)) {
        throw new Failure(
            reason + ": `" + text + "'",
            "Give a literal address, or see to the name's resolution.");
      }
      words.println(
          reason
              + ": `"
              + text
              + "'. Trying again in "
              + new BigDecimal(micros).movePointLeft(6).setScale(2, RoundingMode.HALF_EVEN)
              + " seconds...");
      try {
        pause.await(micros);
      } catch (InterruptedException e) {
        throw new Failure("interrupted", "");
      }
      micros = Math.min(LONGEST_PAUSE_MICROS, micros * 6 / 5);
    }
  }

  /** The words of gai_strerror(3), behind which the platform hides the error number. */
  private static String reason(String host, UnknownHostException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.startsWith(host + ": ")
        ? message.substring(host.length() + 2)
        : "Name or service not known";
  }

  private static boolean isPassing(String reason) {
    return switch (reason) {
      case "Name or service not known",
          "No address associated with hostname",
          "Non-recoverable failure in name resolution" ->
          false;
      default -> true;
    };
  }
}
