// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import jakarta.ws.rs.core.Response;

/**
 * How many, in an address.
 *
 * @param number at least 1
 */
public record Count(int number) {
  /** As it stands in the address. */
  public Count(String text) {
    this(parse(text));
  }

  private static int parse(String text) {
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new Problem(
          Response.Status.BAD_REQUEST, "a number in the address must be whole, and 1 or more");
    }
    return Integer.parseInt(text);
  }

  /** So many, or the most that there can be. */
  int atMost(int most) {
    return Math.min(number, most);
  }
}
