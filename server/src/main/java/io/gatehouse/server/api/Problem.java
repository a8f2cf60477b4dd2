// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.FindingStatus;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** Why a request was not done. Nothing has changed. */
final class Problem extends WebApplicationException {
  /** RFC 4918, section 11.2, and RFC 9110; JAX-RS has no name for it. */
  static final Response.StatusType UNPROCESSABLE =
      new Response.StatusType() {
        @Override
        public int getStatusCode() {
          return 422;
        }

        @Override
        public Response.Status.Family getFamily() {
          return Response.Status.Family.CLIENT_ERROR;
        }

        @Override
        public String getReasonPhrase() {
          return "Unprocessable Content";
        }
      };

  private static final long serialVersionUID = 1;

  /** What the caller is told. */
  private final transient Details details;

  /**
   * The body of an answer that is none (RFC 9457), as {@code application/problem+json}.
   *
   * @param type {@code about:blank}: the status says what kind it is
   * @param title the status in words
   * @param status of HTTP
   * @param detail one sentence, without secrets
   * @param findings with their codes, as the checks have them; may be empty
   */
  public record Details(
      String type, String title, int status, String detail, List<FindingStatus> findings) {
    /** Copies the list. */
    public Details {
      findings = List.copyOf(findings);
    }

    static Details of(Response.StatusType status, String detail, List<FindingStatus> findings) {
      return new Details(
          "about:blank", status.getReasonPhrase(), status.getStatusCode(), detail, findings);
    }
  }

  /**
   * Makes one.
   *
   * @param detail one sentence, without secrets
   */
  Problem(Response.StatusType status, String detail) {
    super(detail, status.getStatusCode());
    details = Details.of(status, detail, List.of());
  }

  /** Understood, and not possible. */
  static Problem unprocessable(String detail) {
    return new Problem(UNPROCESSABLE, detail);
  }

  /** There is none of that name. */
  static Problem notFound(String what) {
    return new Problem(Response.Status.NOT_FOUND, "there is no " + what);
  }

  Details details() {
    return details;
  }
}
