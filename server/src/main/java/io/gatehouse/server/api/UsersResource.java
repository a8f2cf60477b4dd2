// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.server.security.AccountRefusal;
import io.gatehouse.server.security.Accounts;
import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Role;
import io.gatehouse.server.security.Tokens;
import io.gatehouse.server.security.User;
import io.gatehouse.server.security.Users;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The users of the console, their sessions and tokens. */
@Path("v1")
@Tag(name = "users")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class UsersResource {
  @Inject private Users users;
  @Inject private Accounts accounts;
  @Inject private Tokens tokens;

  /**
   * A user without what they are recognised by.
   *
   * @param name what they log in with
   * @param role what they may
   * @param enabled whether they may log in
   * @param invitedUntil Unix seconds until when their invitation is good; missing once they have a
   *     password
   * @param secondFactor whether they show one
   */
  public record Account(
      String name, Role role, boolean enabled, Optional<Long> invitedUntil, boolean secondFactor) {}

  /**
   * Somebody to be invited.
   *
   * @param name what they are to log in with
   * @param role what they may
   */
  public record Guest(String name, Role role) {}

  /**
   * What a user may from now on.
   *
   * @param role the new one
   */
  public record RoleChoice(Role role) {}

  /**
   * Who was invited.
   *
   * @param name what they are to log in with
   * @param code with which they choose a password, once, within seven days; nobody can show it
   *     again
   */
  public record Invited(String name, String code) {}

  /**
   * A token to be made.
   *
   * @param name what its owner calls it, 1 to 64 characters
   * @param role what it may at most
   * @param days how long it is good for, at most 366
   */
  public record TokenWish(String name, Role role, int days) {}

  /**
   * A token that was just made.
   *
   * @param id no secret
   * @param token what a program shows; nobody can show it again
   */
  public record MadeToken(String id, String token) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "token " + id;
    }
  }

  /** All of them. */
  @GET
  @Path("users")
  @Needs(Action.MANAGE_USERS)
  @Operation(operationId = "listUsers", summary = "All users by name")
  public List<Account> listUsers() {
    return users.all().stream()
        .map(
            user ->
                new Account(
                    user.name(),
                    user.role(),
                    user.enabled(),
                    user.proof() instanceof User.Invitation invitation
                        ? Optional.of(invitation.until().getEpochSecond())
                        : Optional.empty(),
                    accounts.hasSecondFactor(user.name())))
        .toList();
  }

  /** Invites somebody. */
  @POST
  @Path("users")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.MANAGE_USERS)
  @Operation(
      operationId = "inviteUser",
      summary = "Add a user, who chooses a password with the code that is shown this once")
  public Invited inviteUser(@Says(Guest.class) Body body) throws AccountRefusal {
    Guest guest = body.as(Guest.class);
    return new Invited(guest.name(), users.invite(guest.name(), guest.role()));
  }

  /** Removes one. */
  @DELETE
  @Path("users/{user}")
  @Needs(Action.MANAGE_USERS)
  @Operation(operationId = "removeUser", summary = "Remove a user with all their tokens")
  public void removeUser(@PathParam("user") String user) throws AccountRefusal {
    users.remove(user);
  }

  /** Says what one may. */
  @PUT
  @Path("users/{user}/role")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.MANAGE_USERS)
  @Operation(operationId = "changeRole", summary = "Say what a user may from now on")
  public void changeRole(@PathParam("user") String user, @Says(RoleChoice.class) Body body)
      throws AccountRefusal {
    users.changeRole(user, body.as(RoleChoice.class).role());
  }

  /** Lets one in again. */
  @POST
  @Path("users/{user}/enable")
  @Needs(Action.MANAGE_USERS)
  @Operation(operationId = "enableUser", summary = "Let a user in again")
  public void enableUser(@PathParam("user") String user) throws AccountRefusal {
    users.enable(user);
  }

  /** Keeps one out. */
  @POST
  @Path("users/{user}/disable")
  @Needs(Action.MANAGE_USERS)
  @Operation(operationId = "disableUser", summary = "Keep a user out, reversibly")
  public void disableUser(@PathParam("user") String user) throws AccountRefusal {
    users.disable(user);
  }

  /** Invites one again. */
  @POST
  @Path("users/{user}/invite")
  @Needs(Action.MANAGE_USERS)
  @Operation(
      operationId = "inviteUserAgain",
      summary = "Take a user's password away; they choose another with the code")
  public Invited inviteUserAgain(@PathParam("user") String user) throws AccountRefusal {
    return new Invited(user, users.inviteAgain(user));
  }

  /** Lets one in by the password alone. */
  @POST
  @Path("users/{user}/reset-second-factor")
  @Needs(Action.MANAGE_USERS)
  @Operation(
      operationId = "resetSecondFactor",
      summary = "Let a user in by the password alone, because the phone is gone")
  public void resetSecondFactor(@PathParam("user") String user) throws AccountRefusal {
    users.resetSecondFactor(user);
  }

  /** The sessions of all. */
  @GET
  @Path("sessions")
  @Needs(Action.MANAGE_USERS)
  @Operation(operationId = "listSessions", summary = "The sessions of all users")
  public List<AccountResource.Session> listSessions() {
    return users.sessions().stream().map(AccountResource.Session::of).toList();
  }

  /** Ends somebody's. */
  @DELETE
  @Path("sessions/{id}")
  @Needs(Action.MANAGE_USERS)
  @Operation(operationId = "endSession", summary = "End somebody's session")
  public void endSession(@PathParam("id") String id) {
    if (users.sessions().stream().noneMatch(login -> login.id().equals(id))) {
      throw Problem.notFound("session " + id);
    }
    users.endSession(id);
  }

  /** The tokens of all. */
  @GET
  @Path("tokens")
  @Needs(Action.MANAGE_USERS)
  @Operation(operationId = "listTokens", summary = "The API tokens of all users")
  public List<AccountResource.ApiToken> listTokens() {
    return tokens.all().stream().map(AccountResource.ApiToken::of).toList();
  }

  /** Makes one of the caller's own. */
  @POST
  @Path("tokens")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.MANAGE_USERS)
  @Operation(
      operationId = "makeToken",
      summary = "Make a token of one's own for a program, which is shown this once")
  public MadeToken makeToken(@Says(TokenWish.class) Body body) {
    TokenWish wish = body.as(TokenWish.class);
    try {
      Tokens.Made made = tokens.make(wish.name(), wish.role(), Duration.ofDays(wish.days()));
      return new MadeToken(made.token().id(), made.secret());
    } catch (IllegalArgumentException e) {
      throw Problem.unprocessable(String.valueOf(e.getMessage()));
    }
  }

  /** Makes somebody's worthless. */
  @DELETE
  @Path("tokens/{id}")
  @Needs(Action.MANAGE_USERS)
  @Operation(operationId = "revokeToken", summary = "Make somebody's token worthless")
  public void revokeToken(@PathParam("id") String id) {
    if (tokens.all().stream().noneMatch(token -> token.id().equals(id))) {
      throw Problem.notFound("token " + id);
    }
    tokens.revoke(id);
  }
}
