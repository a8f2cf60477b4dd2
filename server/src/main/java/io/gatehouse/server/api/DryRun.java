// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import jakarta.ws.rs.core.Response;

/**
 * Whether only to say what would come of it. Not a mere boolean: to JAX-RS whatever is not "true"
 * is false, and whoever mistypes a dry run must not get a real one.
 *
 * @param wanted whether so
 */
public record DryRun(boolean wanted) {
  /** As it stands in the address. */
  public DryRun(String text) {
    this(parse(text));
  }

  private static boolean parse(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Problem(Response.Status.BAD_REQUEST, "dryRun must be true or false");
    };
  }
}
