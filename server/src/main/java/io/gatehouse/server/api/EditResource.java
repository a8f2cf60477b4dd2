// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.CheckQuestion;
import io.gatehouse.control.CheckReport;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.PlanQuestion;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What is about several files at once, or about texts that are no files yet. */
@Path("v1")
@Tag(name = "edit")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class EditResource {
  @Inject private DataPlane dataPlane;

  /** Changes settings of several files. Each names its own version, as a header could not. */
  @POST
  @Path("edit")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_PEERS)
  @Operation(
      operationId = "edit",
      summary = "Change settings of several files, each with its base: all steps or none")
  public FilesChanged edit(
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message,
      @Says(
              value = EditRequest.class,
              without = {"dryRun", "origin"})
          Body body)
      throws IOException, ControlException {
    EditRequest request = body.with("dryRun", dryRun.wanted()).from(message).as(EditRequest.class);
    for (FileSteps file : request.files()) {
      if (file.base().isEmpty()) {
        throw new Problem(
            Response.Status.PRECONDITION_REQUIRED, "say by base which version of " + file.name());
      }
      if (!file.base().get().equals(dataPlane.version(file.name()))) {
        throw new Problem(
            Response.Status.PRECONDITION_FAILED,
            file.name() + " is not that version any more; read it again");
      }
    }
    return dataPlane.ask(client -> client.edit(request));
  }

  /** What is to be said of a text. */
  @POST
  @Path("check")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.LOOK)
  @Operation(
      operationId = "checkText",
      summary = "What is to be said of a text that is to be a file; changes nothing")
  public CheckReport checkText(@Says(CheckQuestion.class) Body body)
      throws IOException, ControlException {
    CheckQuestion question = body.as(CheckQuestion.class);
    return dataPlane.ask(client -> client.check(question));
  }

  /** What would be done now. */
  @GET
  @Path("plan")
  @Needs(Action.LOOK)
  @Operation(
      operationId = "plan",
      summary = "What would be done so that the tunnels are what their files say")
  public PlanStatus plan() throws IOException, ControlException {
    return dataPlane.ask(client -> client.plan(PlanQuestion.DIRECTORY));
  }

  /** What would be done with other files. */
  @POST
  @Path("plan")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.LOOK)
  @Operation(
      operationId = "planFiles",
      summary = "What would be done if these texts were files; changes nothing")
  public PlanStatus planFiles(@Says(PlanQuestion.class) Body body)
      throws IOException, ControlException {
    PlanQuestion question = body.as(PlanQuestion.class);
    return dataPlane.ask(client -> client.plan(question));
  }
}
