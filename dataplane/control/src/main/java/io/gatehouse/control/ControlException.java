// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * The data plane refused a request: a JSON-RPC error object. Trouble with the connection itself is
 * an {@link java.io.IOException} instead.
 */
public final class ControlException extends Exception {
  private static final long serialVersionUID = 1;

  /** The line was no JSON. */
  public static final int PARSE_ERROR = -32700;

  /** JSON, but no JSON-RPC 2.0 request. */
  public static final int INVALID_REQUEST = -32600;

  /** No such method. */
  public static final int METHOD_NOT_FOUND = -32601;

  /** The parameters do not have the form that the method needs. */
  public static final int INVALID_PARAMS = -32602;

  /** The data plane failed; its log says more. */
  public static final int INTERNAL_ERROR = -32603;

  /** The request was understood and refused; the findings say why. */
  public static final int REFUSED = -32000;

  private final int code;
  private final String message;
  private final transient List<FindingStatus> findings;

  /**
   * Makes one.
   *
   * @param code one of the constants of this class
   * @param message one sentence, without secrets
   * @param findings details, may be empty
   */
  public ControlException(int code, String message, List<FindingStatus> findings) {
    super(message);
    this.code = code;
    this.message = message;
    this.findings = List.copyOf(findings);
  }

  /** One of the constants of this class. */
  public int code() {
    return code;
  }

  /** One sentence, without secrets. */
  public String message() {
    return message;
  }

  /** Why it was refused; may be empty. */
  public List<FindingStatus> findings() {
    return findings;
  }
}
