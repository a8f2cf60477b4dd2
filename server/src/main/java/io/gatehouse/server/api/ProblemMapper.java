// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ControlException;
import io.gatehouse.server.security.AccountRefusal;
import io.gatehouse.server.security.Forbidden;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tells callers why not, whatever went wrong where. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {
  /** RFC 9457. */
  static final String MEDIA_TYPE = "application/problem+json";

  private static final System.Logger LOG = System.getLogger(ProblemMapper.class.getName());

  /** Of findings that are not about what was to be, but about what there is. */
  private static final Map<String, Response.StatusType> STATUSES =
      Map.ofEntries(
          Map.entry("NO-SUCH-TUNNEL", Status.NOT_FOUND),
          Map.entry("NO-SUCH-FILE", Status.NOT_FOUND),
          Map.entry("NO-SUCH-REVISION", Status.NOT_FOUND),
          Map.entry("NOT-IN-REVISION", Status.NOT_FOUND),
          Map.entry("NO-SUCH-BACKUP", Status.NOT_FOUND),
          Map.entry("NO-SUCH-RESTORE", Status.NOT_FOUND),
          Map.entry("NO-BACKUP-PASSPHRASE", Status.CONFLICT),
          Map.entry("NOT-LOOKED-AT", Status.CONFLICT),
          Map.entry("BACKUP-TOO-LARGE", Status.REQUEST_ENTITY_TOO_LARGE),
          Map.entry("STALE-VERSION", Status.PRECONDITION_FAILED),
          Map.entry("MERGE-CONFLICT", Status.PRECONDITION_FAILED),
          Map.entry("FILE-EXISTS", Status.CONFLICT),
          Map.entry("TUNNEL-IS-UP", Status.CONFLICT),
          Map.entry("TUNNEL-IS-DOWN", Status.CONFLICT),
          Map.entry("TUNNEL-BUSY", Status.CONFLICT),
          Map.entry("NOT-RUNNING", Status.CONFLICT),
          Map.entry("NOTHING-TO-APPROVE", Status.CONFLICT),
          Map.entry("COMMIT-WAITS", Status.CONFLICT),
          Map.entry("NO-COMMIT", Status.CONFLICT));

  @Override
  public Response toResponse(Throwable trouble) {
    return switch (trouble) {
      case Problem problem -> answer(problem.details());
      case Forbidden forbidden -> answer(Status.FORBIDDEN, forbidden);
      case ControlException refusal -> answer(refusal);
      case AccountRefusal refusal -> answer(refusal);
      case IOException e -> answer(Status.SERVICE_UNAVAILABLE, e);
      case WebApplicationException e -> answer(e);
      default -> {
        LOG.log(System.Logger.Level.ERROR, "a request failed", trouble);
        yield answer(
            Problem.Details.of(
                Status.INTERNAL_SERVER_ERROR, "the console failed; its log says more", List.of()));
      }
    };
  }

  private static Response answer(ControlException refusal) {
    return answer(Problem.Details.of(status(refusal), refusal.message(), refusal.findings()));
  }

  /** By why the data plane refused; 422 for whatever it finds wrong with what was to be. */
  static Response.StatusType status(ControlException refusal) {
    return switch (refusal.code()) {
      case ControlException.INVALID_PARAMS -> Status.BAD_REQUEST;
      case ControlException.METHOD_NOT_FOUND -> Status.NOT_IMPLEMENTED;
      case ControlException.REFUSED ->
          refusal.findings().isEmpty()
              ? Status.CONFLICT
              : refusal.findings().stream()
                  .flatMap(finding -> Stream.ofNullable(STATUSES.get(finding.code())))
                  .findFirst()
                  .orElse(Problem.UNPROCESSABLE);
      default -> Status.BAD_GATEWAY;
    };
  }

  private static Response answer(AccountRefusal refusal) {
    return switch (refusal.reason()) {
      case NO_SUCH_USER -> answer(Status.NOT_FOUND, refusal);
      case NAME_TAKEN, LAST_ADMIN -> answer(Status.CONFLICT, refusal);
      case WAIT ->
          Response.fromResponse(answer(Status.TOO_MANY_REQUESTS, refusal))
              .header(HttpHeaders.RETRY_AFTER, refusal.pause().toSeconds() + 1)
              .build();
      default -> answer(Problem.UNPROCESSABLE, refusal);
    };
  }

  /** What JAX-RS itself says, such as that there is nothing at an address, with its headers. */
  private static Response answer(WebApplicationException e) {
    Response.StatusType status = e.getResponse().getStatusInfo();
    if (status.getFamily() != Status.Family.CLIENT_ERROR
        && status.getFamily() != Status.Family.SERVER_ERROR) {
      return e.getResponse();
    }
    Response.ResponseBuilder answer =
        Response.status(status)
            .type(MEDIA_TYPE)
            .entity(Problem.Details.of(status, status.getReasonPhrase(), List.of()));
    e.getResponse()
        .getHeaders()
        .getOrDefault(HttpHeaders.ALLOW, List.of())
        .forEach(method -> answer.header(HttpHeaders.ALLOW, method));
    return answer.build();
  }

  private static Response answer(Response.StatusType status, Exception trouble) {
    return answer(Problem.Details.of(status, String.valueOf(trouble.getMessage()), List.of()));
  }

  private static Response answer(Problem.Details details) {
    return Response.status(details.status()).type(MEDIA_TYPE).entity(details).build();
  }
}
