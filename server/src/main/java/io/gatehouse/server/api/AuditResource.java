// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Audit;
import io.gatehouse.server.security.AuditEntry;
import io.gatehouse.server.security.AuditQuery;
import io.gatehouse.server.security.Guard;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The audit to take away: a line of JSON for each entry, oldest first. */
@Path("audit")
@ApplicationScoped
public class AuditResource implements PageResource {
  private final Audit audit;
  private final Guard guard;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected AuditResource() {
    this(null, null);
  }

  /** Makes the resource. */
  @Inject
  public AuditResource(Audit audit, Guard guard) {
    this.audit = audit;
    this.guard = guard;
  }

  /**
   * The entries that match.
   *
   * @param text parts that an entry must have
   * @param kind {@code login}, {@code account} or {@code gateway}
   * @param result {@code done}, {@code refused} or {@code forbidden}
   */
  @GET
  @Needs(Action.READ_AUDIT)
  @Produces("application/jsonl")
  public Response entries(
      @QueryParam("q") @DefaultValue("") String text,
      @QueryParam("kind") @DefaultValue("") String kind,
      @QueryParam("result") @DefaultValue("") String result) {
    guard.require(Action.READ_AUDIT);
    AuditQuery query = AuditQuery.of(text, kind, result);
    StreamingOutput lines = out -> audit.oldest(query, entry -> write(out, entry));
    return Response.ok(lines)
        .header("Content-Disposition", "attachment; filename=\"gatehouse-audit.jsonl\"")
        .build();
  }

  private static void write(OutputStream out, AuditEntry entry) {
    try {
      out.write((entry.toJson() + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
