// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonWriter;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/**
 * JSON-RPC 2.0 messages as text, one line each (jsonrpc.org/specification). Batches are not served.
 * Stateless and safe for any thread.
 */
public final class RpcCodec {
  private static final JsonParserFactory PARSERS = Json.createParserFactory(Map.of());
  private static final JsonWriterFactory WRITERS = Json.createWriterFactory(Map.of());

  private RpcCodec() {}

  /** The text of a message, without a line end in or after it. */
  public static String encode(RpcMessage message) {
    JsonObjectBuilder object = Json.createObjectBuilder().add("jsonrpc", "2.0");
    switch (message) {
      case RpcMessage.Request request -> {
        object.add("id", request.id()).add("method", request.method());
        object.add("params", request.params());
      }
      case RpcMessage.Notification notification ->
          object.add("method", notification.method()).add("params", notification.params());
      case RpcMessage.Result result -> object.add("id", result.id()).add("result", result.result());
      case RpcMessage.Failure failure ->
          object.add("id", failure.id()).add("error", error(failure.error()));
    }
    StringWriter text = new StringWriter();
    try (JsonWriter writer = WRITERS.createWriter(text)) {
      writer.writeObject(object.build());
    }
    return text.toString();
  }

  /**
   * Reads one line.
   *
   * @throws RpcFormatException if it is no message; it holds the answer to give
   */
  public static RpcMessage decode(String line) throws RpcFormatException {
    JsonValue value;
    try (JsonParser parser = PARSERS.createParser(new StringReader(line))) {
      parser.next();
      value = parser.getValue();
      // Throws when anything but white space follows.
      parser.hasNext();
    } catch (RuntimeException e) {
      // Any kind: Parsson throws a bare RuntimeException for deep nesting. Its message may quote
      // the text, and the text may be a secret.
      throw refuse(JsonValue.NULL, ControlException.PARSE_ERROR, "the line is no JSON text");
    }
    if (!(value instanceof JsonObject object)) {
      throw refuse(
          JsonValue.NULL, ControlException.INVALID_REQUEST, "a message is one JSON object");
    }
    JsonValue id = object.getOrDefault("id", JsonValue.NULL);
    if (!(id instanceof JsonString || id instanceof JsonNumber || id.equals(JsonValue.NULL))) {
      throw refuse(
          JsonValue.NULL, ControlException.INVALID_REQUEST, "\"id\" is a string or a number");
    }
    if (!(object.get("jsonrpc") instanceof JsonString version)
        || !version.getString().equals("2.0")) {
      throw refuse(id, ControlException.INVALID_REQUEST, "\"jsonrpc\" must be \"2.0\"");
    }
    JsonValue result = object.get("result");
    if (result != null) {
      return new RpcMessage.Result(id, result);
    }
    if (object.get("error") instanceof JsonObject error) {
      return new RpcMessage.Failure(id, error(error));
    }
    if (!(object.get("method") instanceof JsonString method)) {
      throw refuse(id, ControlException.INVALID_REQUEST, "\"method\" is a string");
    }
    JsonValue params = object.getOrDefault("params", JsonValue.EMPTY_JSON_OBJECT);
    if (!(params instanceof JsonObject || params instanceof JsonArray)) {
      throw refuse(id, ControlException.INVALID_REQUEST, "\"params\" is an object");
    }
    return object.containsKey("id")
        ? new RpcMessage.Request(id, method.getString(), params)
        : new RpcMessage.Notification(method.getString(), params);
  }

  private static RpcFormatException refuse(JsonValue id, int code, String message) {
    return new RpcFormatException(
        new RpcMessage.Failure(id, new ControlException(code, message, List.of())));
  }

  private static JsonObject error(ControlException error) {
    JsonObjectBuilder object =
        Json.createObjectBuilder().add("code", error.code()).add("message", error.message());
    if (!error.findings().isEmpty()) {
      object.add("data", RecordCodec.write(error.findings()));
    }
    return object.build();
  }

  private static ControlException error(JsonObject object) {
    List<FindingStatus> findings = List.of();
    if (object.get("data") instanceof JsonArray data) {
      try {
        findings =
            data.stream().map(finding -> RecordCodec.read(finding, FindingStatus.class)).toList();
      } catch (IllegalArgumentException e) {
        // A foreign form of "data" is allowed by the specification; the message still counts.
        findings = List.of();
      }
    }
    return new ControlException(
        object.get("code") instanceof JsonNumber code
            ? code.intValue()
            : ControlException.INTERNAL_ERROR,
        object.getString("message", ""),
        findings);
  }
}
