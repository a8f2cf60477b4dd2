// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import jakarta.json.JsonValue;

/** One JSON-RPC 2.0 message. */
public sealed interface RpcMessage {
  /**
   * A call that wants an answer.
   *
   * @param id a string or number, given back in the answer
   * @param method see {@link ControlMethod}
   * @param params a JSON object, or {@link JsonValue#EMPTY_JSON_OBJECT} when there are none
   */
  record Request(JsonValue id, String method, JsonValue params) implements RpcMessage {
    /** Leaves the parameters out, for they may hold secrets. */
    @Override
    public String toString() {
      return "Request[id=" + id + ", method=" + method + "]";
    }
  }

  /**
   * A message that wants no answer.
   *
   * @param method see {@link ControlMethod}
   * @param params a JSON object, or {@link JsonValue#EMPTY_JSON_OBJECT} when there are none
   */
  record Notification(String method, JsonValue params) implements RpcMessage {
    /** Leaves the parameters out, for they may hold secrets. */
    @Override
    public String toString() {
      return "Notification[method=" + method + "]";
    }
  }

  /**
   * The answer to a request that succeeded.
   *
   * @param id of the request
   * @param result what the method gives
   */
  record Result(JsonValue id, JsonValue result) implements RpcMessage {}

  /**
   * The answer to a request that failed.
   *
   * @param id of the request, {@link JsonValue#NULL} when it could not be read
   * @param error why
   */
  record Failure(JsonValue id, ControlException error) implements RpcMessage {}
}
