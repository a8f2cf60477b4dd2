// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.files;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.server.api.Needs;
import io.gatehouse.server.api.PageResource;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;

/**
 * Makes files that somebody has dropped on the page, or says what would come of them. What they
 * hold passes through here to the data plane and is kept nowhere.
 */
@Path("import")
@ApplicationScoped
public class ImportResource implements PageResource {
  /** So many at once. */
  static final int MOST = 200;

  private record Dropped(String name, String text) {
    /** Leaves the text out, for it may hold keys. */
    @Override
    public String toString() {
      return "Dropped[name=" + name + "]";
    }
  }

  private final Gateway gateway;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected ImportResource() {
    this(null);
  }

  /** Makes the resource. */
  @Inject
  public ImportResource(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * Takes {@code {"dryRun": true, "files": [{"name": "wg0.conf", "text": "..."}]}}; gives for each
   * whether it was or would be made, and what is to be said of it.
   */
  @POST
  @Needs(Action.EDIT_FILES)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Response put(String body) throws IOException {
    List<Dropped> files;
    boolean dryRun;
    try {
      JsonObject wanted = Json.createReader(new StringReader(body)).readObject();
      dryRun = wanted.getBoolean("dryRun");
      files =
          wanted.getJsonArray("files").getValuesAs(JsonObject.class).stream()
              .map(file -> new Dropped(file.getString("name"), file.getString("text")))
              .toList();
    } catch (JsonException | NullPointerException | ClassCastException e) {
      return Response.status(Response.Status.BAD_REQUEST).build();
    }
    if (files.size() > MOST) {
      return Response.status(Response.Status.REQUEST_ENTITY_TOO_LARGE).build();
    }
    JsonArrayBuilder results = Json.createArrayBuilder();
    for (Dropped file : files) {
      results.add(put(file, dryRun));
    }
    return Response.ok(results.build().toString()).build();
  }

  private JsonObjectBuilder put(Dropped file, boolean dryRun) throws IOException {
    ChangeOrigin origin = new ChangeOrigin(ChangeSource.CONSOLE, Caller.current().name(), "");
    FileCreation creation = new FileCreation(file.name, file.text, dryRun, Optional.of(origin));
    JsonObjectBuilder result = Json.createObjectBuilder().add("name", file.name);
    try {
      List<FindingStatus> findings =
          gateway.ask(dataPlane -> dataPlane.createFile(creation)).findings();
      return result.add("good", true).add("refusal", "").add("findings", findings(findings));
    } catch (ControlException e) {
      return result
          .add("good", false)
          .add("refusal", e.message())
          .add("findings", findings(e.findings()));
    }
  }

  private static JsonArrayBuilder findings(List<FindingStatus> findings) {
    JsonArrayBuilder array = Json.createArrayBuilder();
    findings.forEach(
        finding ->
            array.add(
                Json.createObjectBuilder()
                    .add("severity", finding.severity())
                    .add("line", finding.line())
                    .add("message", finding.message())
                    .add("value", finding.value())
                    .add("remedy", finding.remedy())));
    return array;
  }
}
