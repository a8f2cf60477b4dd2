// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import io.gatehouse.control.FilesChanged;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a request to the data plane was about, in words for the audit. Only members that are known
 * to hold no secret are ever looked at.
 */
final class Requested {
  /** What something is done to. */
  private static final List<String> OBJECTS =
      List.of("tunnel", "name", "to", "file", "revision", "address", "publicKey");

  /** What else is worth to be known of it. */
  private static final Set<String> DETAILS =
      Set.of(
          "allowedIps",
          "endpoint",
          "persistentKeepalive",
          "seconds",
          "tunnels",
          "user",
          "authProtocol",
          "privProtocol",
          "text");

  private Requested() {}

  /** What a request is about, such as {@code wg0 Lisbon}. */
  static String object(JsonObject params) {
    List<String> words = new ArrayList<>();
    for (String member : OBJECTS) {
      text(params.getOrDefault(member, JsonValue.NULL))
          .filter(text -> !text.isEmpty())
          .ifPresent(words::add);
    }
    if (params.get("files") instanceof JsonArray files) {
      for (JsonObject file : files.getValuesAs(JsonObject.class)) {
        words.add(file.getString("name", ""));
      }
    }
    return String.join(" ", words);
  }

  /** What differs now: of files their lines, as the data plane shows them; else what was asked. */
  static String difference(String method, JsonObject params, Record answer) {
    if (answer instanceof FilesChanged changed) {
      return changed
          .diff()
          .lines()
          .filter(line -> !line.startsWith("diff --git ") && !line.startsWith("index "))
          .collect(Collectors.joining("\n"));
    }
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, JsonValue> member : params.entrySet()) {
      // A file's text may hold a key that is typed for the first time; a notification's may not.
      boolean secret = member.getKey().equals("text") && method.startsWith("file.");
      if (DETAILS.contains(member.getKey()) && !secret) {
        text(member.getValue()).ifPresent(text -> lines.add("+" + member.getKey() + ": " + text));
      }
    }
    if (params.get("origin") instanceof JsonObject origin
        && !origin.getString("message", "").isEmpty()) {
      lines.add("+message: " + origin.getString("message"));
    }
    return String.join("\n", lines);
  }

  private static Optional<String> text(JsonValue value) {
    return switch (value) {
      case JsonString string -> Optional.of(string.getString());
      case JsonArray array ->
          Optional.of(
              array.stream().flatMap(one -> text(one).stream()).collect(Collectors.joining(", ")));
      case JsonObject object -> Optional.empty();
      default ->
          value.getValueType() == JsonValue.ValueType.NULL
              ? Optional.empty()
              : Optional.of(value.toString());
    };
  }
}
