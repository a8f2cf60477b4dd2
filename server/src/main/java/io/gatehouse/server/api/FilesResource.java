// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.CheckQuestion;
import io.gatehouse.control.CheckReport;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.FileChoice;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FileRemoval;
import io.gatehouse.control.FileRenaming;
import io.gatehouse.control.FileStatus;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FileText;
import io.gatehouse.control.FileVersion;
import io.gatehouse.control.FileWrite;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The files of the tunnel directory, their keys hidden. */
@Path("v1/files")
@Tag(name = "files")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class FilesResource {
  @Inject private DataPlane dataPlane;

  /** All of them. */
  @GET
  @Needs(Action.LOOK)
  @Operation(operationId = "listFiles", summary = "The files, and what has come of each")
  public List<FileStatus> listFiles() throws IOException, ControlException {
    return dataPlane.files();
  }

  /** One of them; 304 if it is still the version that the caller knows. */
  @GET
  @Path("{file}")
  @Needs(Action.LOOK)
  @Operation(
      operationId = "getFile",
      summary = "A file as text, with a placeholder for each key; the ETag is its version")
  @APIResponseSchema(FileText.class)
  public Response getFile(@PathParam("file") String file, @Context Request request)
      throws IOException, ControlException {
    dataPlane.version(file);
    FileText text = dataPlane.ask(client -> client.readFile(new FileChoice(file)));
    EntityTag tag = IfMatch.tag(text.version());
    Response.ResponseBuilder known = request.evaluatePreconditions(tag);
    return (known == null ? Response.ok(text) : known).tag(tag).build();
  }

  /** Makes one. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_FILES)
  @Operation(operationId = "createFile", summary = "Make a file, which must not be there yet")
  @APIResponseSchema(FilesChanged.class)
  public Response createFile(
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message,
      @Says(
              value = FileCreation.class,
              without = {"dryRun", "origin"})
          Body body)
      throws IOException, ControlException {
    FileCreation creation =
        body.with("dryRun", dryRun.wanted()).from(message).as(FileCreation.class);
    return answer(dataPlane.ask(client -> client.createFile(creation)), creation.name());
  }

  /** Writes one anew. */
  @PUT
  @Path("{file}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_FILES)
  @Operation(
      operationId = "writeFile",
      summary = "Write a file anew, where a placeholder stands for the key that it hid")
  @APIResponseSchema(FilesChanged.class)
  public Response writeFile(
      @PathParam("file") String file,
      @HeaderParam("If-Match") @DefaultValue("") IfMatch version,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message,
      @Says(
              value = FileWrite.class,
              without = {"name", "base", "dryRun", "origin"})
          Body body)
      throws IOException, ControlException {
    FileWrite write =
        change(body, file, version)
            .with("dryRun", dryRun.wanted())
            .from(message)
            .as(FileWrite.class);
    return answer(dataPlane.ask(client -> client.writeFile(write)), file);
  }

  /** Changes some of its settings. */
  @PATCH
  @Path("{file}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_PEERS)
  @Operation(
      operationId = "editFile",
      summary = "Change settings of a file: all steps or none; steps about peers alone need less")
  @APIResponseSchema(FilesChanged.class)
  public Response editFile(
      @PathParam("file") String file,
      @HeaderParam("If-Match") @DefaultValue("") IfMatch version,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message,
      @Says(
              value = FileSteps.class,
              without = {"name", "base"})
          Body body)
      throws IOException, ControlException {
    FileSteps steps = change(body, file, version).as(FileSteps.class);
    EditRequest request =
        new EditRequest(List.of(steps), dryRun.wanted(), Optional.of(Body.origin(message)));
    return answer(dataPlane.ask(client -> client.edit(request)), file);
  }

  /** Gives one another name. */
  @POST
  @Path("{file}/rename")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_FILES)
  @Operation(
      operationId = "renameFile",
      summary = "Give a file another name: one tunnel goes and another comes, with the same keys")
  @APIResponseSchema(FilesChanged.class)
  public Response renameFile(
      @PathParam("file") String file,
      @HeaderParam("If-Match") @DefaultValue("") IfMatch version,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message,
      @Says(
              value = FileRenaming.class,
              without = {"name", "base", "dryRun", "origin"})
          Body body)
      throws IOException, ControlException {
    FileRenaming renaming =
        change(body, file, version)
            .with("dryRun", dryRun.wanted())
            .from(message)
            .as(FileRenaming.class);
    return answer(dataPlane.ask(client -> client.renameFile(renaming)), renaming.to());
  }

  /** Takes one away. */
  @DELETE
  @Path("{file}")
  @Needs(Action.EDIT_FILES)
  @Operation(
      operationId = "removeFile",
      summary = "Take a file away, and its tunnel with it; the history keeps the text")
  @APIResponseSchema(FilesChanged.class)
  public Response removeFile(
      @PathParam("file") String file,
      @HeaderParam("If-Match") @DefaultValue("") IfMatch version,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    FileRemoval removal =
        new FileRemoval(
            file,
            Optional.of(version.require(dataPlane.version(file))),
            dryRun.wanted(),
            Optional.of(Body.origin(message)));
    return answer(dataPlane.ask(client -> client.removeFile(removal)), file);
  }

  /** What is to be said of one as it is. */
  @GET
  @Path("{file}/check")
  @Needs(Action.LOOK)
  @Operation(operationId = "checkFile", summary = "What is to be said of a file as it is now")
  public CheckReport checkFile(@PathParam("file") String file)
      throws IOException, ControlException {
    dataPlane.version(file);
    return dataPlane.ask(client -> client.check(new CheckQuestion(file, Optional.empty())));
  }

  /** What a body says of a file, with its name and the version that the caller knows. */
  private Body change(Body body, String file, IfMatch version)
      throws IOException, ControlException {
    return body.with("name", file).with("base", version.require(dataPlane.version(file)));
  }

  /** An answer with the version that a file has now, if it has changed. */
  static Response answer(FilesChanged changed, String file) {
    Response.ResponseBuilder answer = Response.ok(changed);
    changed.files().stream()
        .filter(one -> one.name().equals(file) && changed.plan().isEmpty())
        .map(FileVersion::version)
        .filter(version -> !version.isEmpty())
        .findFirst()
        .ifPresent(version -> answer.tag(IfMatch.tag(version)));
    return answer.build();
  }
}
