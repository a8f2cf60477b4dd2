// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A line of the audit: who did what to what, from where, and what came of it.
 *
 * @param time when, to the millisecond
 * @param user who; empty for a stranger
 * @param role what they might then; empty for a stranger
 * @param way {@code session}, {@code token} or {@code none}
 * @param address from where
 * @param action such as {@code peer.add} or {@code login}
 * @param object such as a tunnel, a file or a user; may be empty
 * @param difference lines that begin with a minus, as it was, or a plus, as it is; secrets are
 *     masked; may be empty
 * @param result what came of it
 * @param detail why not, in one sentence; else empty
 */
public record AuditEntry(
    Instant time,
    String user,
    String role,
    String way,
    String address,
    String action,
    String object,
    String difference,
    Result result,
    String detail) {
  /** What came of it. */
  public enum Result {
    /** It was done. */
    DONE,
    /** It was tried and refused, by the data plane or because something in it is wrong. */
    REFUSED,
    /** Whoever tried it may not. */
    FORBIDDEN
  }

  private static final JsonProvider JSON = JsonProvider.provider();

  /** A difference may be of a large file. */
  private static final int LONGEST = 16 << 10;

  // The data plane hides keys; this is for whatever it might not know to be one.
  private static final Pattern SECRET =
      Pattern.compile("(?im)((?:private|preshared)key\\s*=\\s*)(?!\\(hidden)\\S[^\\r\\n]*");

  /** Masks secrets, cuts what is too long, and takes line ends out of what stands in one line. */
  public AuditEntry {
    user = line(user);
    address = line(address);
    object = line(object);
    detail = line(detail);
    difference = cut(SECRET.matcher(difference).replaceAll("$1(hidden)"));
  }

  /** Something that was done, by this caller and now, to say more about. */
  static AuditEntry of(Caller caller, String action, String object) {
    return new AuditEntry(
        Instant.ofEpochMilli(System.currentTimeMillis()),
        caller.name(),
        caller.role().map(Role::word).orElse(""),
        caller.way().name().toLowerCase(Locale.ROOT),
        caller.address(),
        action,
        object,
        "",
        Result.DONE,
        "");
  }

  AuditEntry with(String newDifference) {
    return new AuditEntry(
        time, user, role, way, address, action, object, newDifference, result, detail);
  }

  AuditEntry with(Result newResult, String newDetail) {
    return new AuditEntry(
        time, user, role, way, address, action, object, difference, newResult, newDetail);
  }

  /** As it stands in the file, in one line. */
  public String toJson() {
    return JSON.createObjectBuilder()
        .add("time", time.toString())
        .add("user", user)
        .add("role", role)
        .add("way", way)
        .add("address", address)
        .add("action", action)
        .add("object", object)
        .add("difference", difference)
        .add("result", result.name().toLowerCase(Locale.ROOT))
        .add("detail", detail)
        .build()
        .toString();
  }

  /**
   * The other way round.
   *
   * @throws RuntimeException if it is no such line, as the last may be after the power failed
   */
  static AuditEntry parse(String line) {
    try (var reader = JSON.createReader(new StringReader(line))) {
      JsonObject object = reader.readObject();
      return new AuditEntry(
          Instant.parse(object.getString("time")),
          object.getString("user"),
          object.getString("role"),
          object.getString("way"),
          object.getString("address"),
          object.getString("action"),
          object.getString("object"),
          object.getString("difference"),
          Result.valueOf(object.getString("result").toUpperCase(Locale.ROOT)),
          object.getString("detail"));
    }
  }

  private static String line(String text) {
    return cut(text.replaceAll("\\p{Cntrl}+", " ").strip());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "\u2026";
  }
}
