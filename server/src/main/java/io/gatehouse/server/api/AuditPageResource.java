// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Audit;
import io.gatehouse.server.security.AuditEntry;
import io.gatehouse.server.security.AuditQuery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who changed what. */
@Path("v1/audit")
@Tag(name = "audit")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class AuditPageResource {
  private static final int LARGEST_PAGE = 500;

  @Inject private Audit audit;

  /**
   * A line of the audit, in the words of {@link AuditEntry}.
   *
   * @param time Unix milliseconds
   * @param user who; empty for a stranger
   * @param role what they might then
   * @param way how they showed who they are
   * @param address from where
   * @param action such as {@code peer.add}
   * @param object what it was done to
   * @param difference lines with a minus as it was, with a plus as it is; secrets are masked
   * @param result what came of it
   * @param detail why not; else empty
   */
  public record Line(
      long time,
      String user,
      String role,
      String way,
      String address,
      String action,
      String object,
      String difference,
      AuditEntry.Result result,
      String detail) {
    static Line of(AuditEntry entry) {
      return new Line(
          entry.time().toEpochMilli(),
          entry.user(),
          entry.role(),
          entry.way(),
          entry.address(),
          entry.action(),
          entry.object(),
          entry.difference(),
          entry.result(),
          entry.detail());
    }
  }

  /** A page of it. */
  @GET
  @Needs(Action.READ_AUDIT)
  @Operation(operationId = "listAudit", summary = "A page of the audit, the newest first")
  public List<Line> listAudit(
      @QueryParam("q") @DefaultValue("") String text,
      @QueryParam("kind") @DefaultValue("") String kind,
      @QueryParam("result") @DefaultValue("") String result,
      @QueryParam("page") @DefaultValue("1") Count page,
      @QueryParam("limit") @DefaultValue("100") Count limit) {
    int most = limit.atMost(LARGEST_PAGE);
    int skipped = Math.multiplyExact(page.atMost(1_000_000) - 1, most);
    return audit.newest(AuditQuery.of(text, kind, result), skipped, most).stream()
        .map(Line::of)
        .toList();
  }
}
