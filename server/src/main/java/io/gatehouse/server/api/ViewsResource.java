// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Caller;
import io.gatehouse.server.security.Guard;
import io.gatehouse.server.views.SavedViews;
import io.gatehouse.server.views.SavedViews.View;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The views of the list of peers that the caller has given names. */
@Path("v1/account/views")
@Tag(name = "account")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ViewsResource {
  @Inject private SavedViews views;
  @Inject private Guard guard;

  /** All of them. */
  @GET
  @Needs(Action.OWN_ACCOUNT)
  @Operation(
      operationId = "listViews",
      summary = "The caller's named views of the peers, in the order in which they were saved")
  public List<View> listViews() {
    return views.of(Caller.current().name());
  }

  /** Keeps one. */
  @PUT
  @Path("{view}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.OWN_ACCOUNT)
  @Operation(
      operationId = "saveView",
      summary = "Keep a view of the peers under a name, in the place of one that has it")
  public View saveView(
      @PathParam("view") String name,
      @Says(
              value = View.class,
              without = {"name"})
          Body body)
      throws IOException {
    View view = body.with("name", name).as(View.class);
    if (name.isBlank()
        || name.length() > SavedViews.LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw Problem.unprocessable(
          "a view's name has 1 to " + SavedViews.LONGEST_NAME + " characters");
    }
    boolean kept =
        guard.<Boolean, IOException>change(
            Action.OWN_ACCOUNT,
            "view.save",
            name,
            difference -> views.save(Caller.current().name(), view));
    if (!kept) {
      throw Problem.unprocessable(
          "there are " + SavedViews.MOST + " views already, or this one is too long");
    }
    return view;
  }

  /** Forgets one. */
  @DELETE
  @Path("{view}")
  @Needs(Action.OWN_ACCOUNT)
  @Operation(operationId = "removeView", summary = "Forget a view")
  public void removeView(@PathParam("view") String name) throws IOException {
    String caller = Caller.current().name();
    if (views.of(caller).stream().noneMatch(view -> view.name().equals(name))) {
      throw Problem.notFound("view " + name);
    }
    guard.<Boolean, IOException>change(
        Action.OWN_ACCOUNT,
        "view.remove",
        name,
        difference -> {
          views.remove(caller, name);
          return true;
        });
  }
}
