// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.server.security.Caller;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.Response;

/**
 * What the body of a request says, to be completed by what its address, its headers and its caller
 * say, until it is a record of the control contract. May hold secrets. Immutable.
 */
public final class Body {
  /** Of a request that has none. */
  static final Body EMPTY = new Body(JsonValue.EMPTY_JSON_OBJECT);

  private final JsonObject members;

  Body(JsonObject members) {
    this.members = members;
  }

  /** With another member, whatever the body itself says about it. */
  Body with(String member, JsonValue value) {
    JsonObjectBuilder more = Json.createObjectBuilder(members);
    more.add(member, value);
    return new Body(more.build());
  }

  /** With another member, a text. */
  Body with(String member, String value) {
    return with(member, Json.createValue(value));
  }

  /** With another member, a truth. */
  Body with(String member, boolean value) {
    return with(member, value ? JsonValue.TRUE : JsonValue.FALSE);
  }

  /** With who asks, and why, as the history keeps it. */
  Body from(String message) {
    return with("origin", RecordCodec.write(origin(message)));
  }

  /** Who asks, and why, as the history keeps it. */
  static ChangeOrigin origin(String message) {
    Caller caller = Caller.current();
    return new ChangeOrigin(
        caller.way() == Caller.Way.SESSION ? ChangeSource.CONSOLE : ChangeSource.REST,
        caller.name(),
        message);
  }

  /** The value of a member; JSON's null if there is none. */
  JsonValue get(String member) {
    return members.getOrDefault(member, JsonValue.NULL);
  }

  /**
   * The record that all of it says.
   *
   * @throws Problem if it does not have the form of one; the message quotes no value
   */
  <T extends Record> T as(Class<T> type) {
    try {
      return RecordCodec.read(members, type);
    } catch (IllegalArgumentException e) {
      throw new Problem(Response.Status.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  /** Says nothing of what is in it. */
  @Override
  public String toString() {
    return "(hidden)";
  }
}
