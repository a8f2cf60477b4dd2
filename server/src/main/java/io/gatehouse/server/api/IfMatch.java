// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of that name: the version of a file that a change is for (RFC 9110, section 13.1.1).
 * One strong tag; no asterisk, for whoever does not know what stands there would overwrite it.
 */
public final class IfMatch {
  private static final Pattern TAG = Pattern.compile("\"([0-9a-f]{40})\"");

  private final String header;

  /** As it was sent; empty if it was not. */
  public IfMatch(String header) {
    this.header = header.strip();
  }

  /**
   * The version, which is the one that there is.
   *
   * @param current version of the file
   * @throws Problem 428 without the header, 412 if the file is another one by now
   */
  String require(String current) {
    if (header.isEmpty()) {
      throw new Problem(
          Response.Status.PRECONDITION_REQUIRED,
          "say by If-Match which version of the file this is for; reading it gives an ETag");
    }
    Matcher tag = TAG.matcher(header);
    if (!tag.matches() || !tag.group(1).equals(current)) {
      throw new Problem(
          Response.Status.PRECONDITION_FAILED,
          "the file is not that version any more; read it again, and make the change in that");
    }
    return current;
  }

  /** The tag of a version. */
  static EntityTag tag(String version) {
    return new EntityTag(version);
  }
}
