// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.PeerAdded;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.ProposalRequest;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The peers of a tunnel. One is changed in the tunnel's file, by one step of an edit; several steps
 * at once are for {@link EditResource} and {@link FilesResource#editFile}.
 */
@Path("v1/tunnels/{tunnel}/peers")
@Tag(name = "peers")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class PeersResource {
  /** Some 500 kB of JSON. */
  private static final int LARGEST_PAGE = 1000;

  @Inject private DataPlane dataPlane;

  /**
   * A page of them, by number. Numbers are stable, so whoever follows the link to the next page
   * meets each peer once, whatever comes and goes meanwhile.
   */
  @GET
  @Needs(Action.LOOK)
  @Operation(
      operationId = "listPeers",
      summary = "A page of a tunnel's peers by number; the header Link leads to the next")
  @APIResponseSchema(PeerStatus[].class)
  public Response listPeers(
      @PathParam("tunnel") String tunnel,
      @QueryParam("q") @DefaultValue("") String text,
      @QueryParam("state") @DefaultValue("") String state,
      @QueryParam("after") @DefaultValue("") String after,
      @QueryParam("limit") @DefaultValue("100") Count limit,
      @Context UriInfo uri)
      throws IOException {
    Optional<PeerState> only = state.isEmpty() ? Optional.empty() : Optional.of(state(state));
    int above = after.isEmpty() ? 0 : new Count(after).number();
    String part = text.strip().toLowerCase(Locale.ROOT);
    int most = limit.atMost(LARGEST_PAGE);
    List<PeerStatus> found =
        dataPlane.tunnel(tunnel).peers().stream()
            .filter(peer -> peer.number() > above)
            .filter(peer -> only.isEmpty() || peer.state() == only.get())
            .filter(peer -> StatusResource.matches(peer, part))
            .sorted(Comparator.comparingInt(PeerStatus::number))
            .limit(most + 1L)
            .toList();
    if (found.size() <= most) {
      return Response.ok(found).build();
    }
    List<PeerStatus> page = found.subList(0, most);
    return Response.ok(page)
        .link(
            uri.getRequestUriBuilder().replaceQueryParam("after", page.getLast().number()).build(),
            "next")
        .build();
  }

  /** One of them. */
  @GET
  @Path("{peer}")
  @Needs(Action.LOOK)
  @Operation(operationId = "getPeer", summary = "A peer; the ETag is its file's version")
  @APIResponseSchema(PeerStatus.class)
  public Response getPeer(@PathParam("tunnel") String tunnel, @PathParam("peer") String peer)
      throws IOException, ControlException {
    TunnelStatus owner = dataPlane.tunnel(tunnel);
    PeerStatus found = DataPlane.peer(owner, peer);
    Response.ResponseBuilder answer = Response.ok(found);
    return owner.file().isEmpty()
        ? answer.build()
        : answer.tag(IfMatch.tag(dataPlane.version(owner.file()))).build();
  }

  /** What new ones can have. */
  @GET
  @Path("proposal")
  @Needs(Action.LOOK)
  @Operation(
      operationId = "proposePeers",
      summary = "Free addresses for new peers, and what their own files need; reserves nothing")
  public PeerProposal proposePeers(
      @PathParam("tunnel") String tunnel, @QueryParam("count") @DefaultValue("1") Count count)
      throws IOException, ControlException {
    dataPlane.tunnel(tunnel);
    int most = count.atMost(ProposalRequest.LARGEST);
    return dataPlane.ask(client -> client.proposePeers(new ProposalRequest(tunnel, most)));
  }

  /** Adds one. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_PEERS)
  @Operation(operationId = "addPeer", summary = "Add a peer, which must not be there yet")
  public PeerAdded addPeer(
      @PathParam("tunnel") String tunnel,
      @QueryParam("message") @DefaultValue("") String message,
      @Says(
              value = PeerAddition.class,
              without = {"tunnel", "origin"})
          Body body)
      throws IOException, ControlException {
    dataPlane.tunnel(tunnel);
    PeerAddition addition = body.with("tunnel", tunnel).from(message).as(PeerAddition.class);
    return dataPlane.ask(client -> client.addPeer(addition));
  }

  /** Takes one away. */
  @DELETE
  @Path("{peer}")
  @Needs(Action.EDIT_PEERS)
  @Operation(operationId = "removePeer", summary = "Take a peer out of its tunnel's file")
  @APIResponseSchema(FilesChanged.class)
  public Response removePeer(
      @PathParam("tunnel") String tunnel,
      @PathParam("peer") String peer,
      @HeaderParam("If-Match") @DefaultValue("") IfMatch version,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    return edit(tunnel, peer, Optional.of(version), dryRun, message, EditStep.RemovePeer::new);
  }

  /** Switches one off. */
  @POST
  @Path("{peer}/disable")
  @Needs(Action.EDIT_PEERS)
  @Operation(operationId = "disablePeer", summary = "Switch a peer off, reversibly")
  @APIResponseSchema(FilesChanged.class)
  public Response disablePeer(
      @PathParam("tunnel") String tunnel,
      @PathParam("peer") String peer,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    return edit(tunnel, peer, Optional.empty(), dryRun, message, EditStep.Disable::new);
  }

  /** Switches one on. */
  @POST
  @Path("{peer}/enable")
  @Needs(Action.EDIT_PEERS)
  @Operation(operationId = "enablePeer", summary = "Switch a peer on again")
  @APIResponseSchema(FilesChanged.class)
  public Response enablePeer(
      @PathParam("tunnel") String tunnel,
      @PathParam("peer") String peer,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    return edit(tunnel, peer, Optional.empty(), dryRun, message, EditStep.Enable::new);
  }

  /** Gives one a name. */
  @PUT
  @Path("{peer}/name")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_PEERS)
  @Operation(operationId = "renamePeer", summary = "Give a peer a name; an empty one takes it away")
  @APIResponseSchema(FilesChanged.class)
  public Response renamePeer(
      @PathParam("tunnel") String tunnel,
      @PathParam("peer") String peer,
      @HeaderParam("If-Match") @DefaultValue("") IfMatch version,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message,
      @Says(value = EditStep.Rename.class, without = "peer") Body body)
      throws IOException, ControlException {
    return edit(
        tunnel,
        peer,
        Optional.of(version),
        dryRun,
        message,
        key -> body.with("peer", key).as(EditStep.Rename.class));
  }

  /** Gives one a setting, such as {@code gatehouse.expires}, {@code gatehouse.quota} or tags. */
  @PUT
  @Path("{peer}/settings/{key}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_PEERS)
  @Operation(
      operationId = "setPeer",
      summary = "Give a peer's setting these values and no other, as they stand in files")
  @APIResponseSchema(FilesChanged.class)
  public Response setPeer(
      @PathParam("tunnel") String tunnel,
      @PathParam("peer") String peer,
      @PathParam("key") String setting,
      @HeaderParam("If-Match") @DefaultValue("") IfMatch version,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message,
      @Says(
              value = EditStep.Set.class,
              without = {"peer", "key"})
          Body body)
      throws IOException, ControlException {
    return edit(
        tunnel,
        peer,
        Optional.of(version),
        dryRun,
        message,
        key -> body.with("peer", key).with("key", setting).as(EditStep.Set.class));
  }

  /** Takes a setting away. */
  @DELETE
  @Path("{peer}/settings/{key}")
  @Needs(Action.EDIT_PEERS)
  @Operation(operationId = "unsetPeer", summary = "Take a setting away from a peer")
  @APIResponseSchema(FilesChanged.class)
  public Response unsetPeer(
      @PathParam("tunnel") String tunnel,
      @PathParam("peer") String peer,
      @PathParam("key") String setting,
      @HeaderParam("If-Match") @DefaultValue("") IfMatch version,
      @QueryParam("dryRun") @DefaultValue("false") DryRun dryRun,
      @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    return edit(
        tunnel,
        peer,
        Optional.of(version),
        dryRun,
        message,
        key -> new EditStep.Set(Optional.of(key), setting, List.of()));
  }

  /**
   * Makes one step.
   *
   * @param version which the file must have; empty where nothing can be lost
   * @param step by the peer's public key
   */
  private Response edit(
      String tunnel,
      String peer,
      Optional<IfMatch> version,
      DryRun dryRun,
      String message,
      Function<String, EditStep> step)
      throws IOException, ControlException {
    TunnelStatus owner = dataPlane.tunnel(tunnel);
    String key = DataPlane.peer(owner, peer).publicKey();
    if (owner.file().isEmpty()) {
      throw new Problem(
          Response.Status.CONFLICT, tunnel + " has no file; wg set changes what runs");
    }
    Optional<String> base =
        version.isEmpty()
            ? Optional.empty()
            : Optional.of(version.get().require(dataPlane.version(owner.file())));
    EditRequest request =
        new EditRequest(
            List.of(new FileSteps(owner.file(), base, List.of(step.apply(key)))),
            dryRun.wanted(),
            Optional.of(Body.origin(message)));
    return FilesResource.answer(dataPlane.ask(client -> client.edit(request)), owner.file());
  }

  private static PeerState state(String name) {
    try {
      return PeerState.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new Problem(
          Response.Status.BAD_REQUEST, "state must be one of " + List.of(PeerState.values()));
    }
  }
}
