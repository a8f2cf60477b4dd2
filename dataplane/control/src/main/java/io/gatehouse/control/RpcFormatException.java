// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/** A line that is no JSON-RPC 2.0 message. Carries the answer that its sender gets. */
public final class RpcFormatException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient RpcMessage.Failure answer;

  RpcFormatException(RpcMessage.Failure answer) {
    super(answer.error().getMessage());
    this.answer = answer;
  }

  /** What to send back. */
  public RpcMessage.Failure answer() {
    return answer;
  }
}
