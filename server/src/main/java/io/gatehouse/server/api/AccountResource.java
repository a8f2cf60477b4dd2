// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Caller;
import io.gatehouse.server.security.OwnAccount;
import io.gatehouse.server.security.Role;
import io.gatehouse.server.security.Sessions;
import io.gatehouse.server.security.Token;
import io.gatehouse.server.security.Tokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Who the caller is, with their own sessions and tokens. Passwords, second factors and new tokens
 * are for people at the console: a program that has a token must not be able to get more than it.
 */
@Path("v1/account")
@Tag(name = "account")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class AccountResource {
  @Inject private OwnAccount account;
  @Inject private Tokens tokens;

  /**
   * The caller.
   *
   * @param name of the user
   * @param role what they may by the session or token that they show
   * @param way how they showed who they are
   */
  public record Account(String name, Role role, Caller.Way way) {}

  /**
   * A session; times in Unix seconds.
   *
   * @param id no secret
   * @param user whose
   * @param address from where they logged in
   * @param browser what it calls itself
   * @param since when they logged in
   * @param lastSeen when the last request came
   */
  public record Session(
      String id, String user, String address, String browser, long since, long lastSeen) {
    static Session of(Sessions.Login login) {
      return new Session(
          login.id(),
          login.user(),
          login.address(),
          login.browser(),
          login.since().getEpochSecond(),
          login.lastSeen().getEpochSecond());
    }
  }

  /**
   * A token without what it is recognised by; times in Unix seconds.
   *
   * @param id no secret
   * @param owner whose
   * @param role what it may at most
   * @param name what its owner calls it
   * @param created when it was made
   * @param expires when it is worth nothing any more
   * @param lastUsed when it was last used, 0 is never
   */
  public record ApiToken(
      String id, String owner, Role role, String name, long created, long expires, long lastUsed) {
    static ApiToken of(Token token) {
      return new ApiToken(
          token.id(),
          token.owner(),
          token.role(),
          token.name(),
          token.created().getEpochSecond(),
          token.expires().getEpochSecond(),
          token.lastUsed().getEpochSecond());
    }
  }

  /** Who the caller is. */
  @GET
  @Needs(Action.OWN_ACCOUNT)
  @Operation(operationId = "getAccount", summary = "Who the caller is, and what they may")
  public Account getAccount() {
    Caller caller = Caller.current();
    return new Account(caller.name(), caller.role().orElseThrow(), caller.way());
  }

  /** Their sessions. */
  @GET
  @Path("sessions")
  @Needs(Action.OWN_ACCOUNT)
  @Operation(operationId = "listOwnSessions", summary = "The caller's sessions, the newest first")
  public List<Session> listOwnSessions() {
    return account.sessions().stream().map(Session::of).toList();
  }

  /** Ends one. */
  @DELETE
  @Path("sessions/{id}")
  @Needs(Action.OWN_ACCOUNT)
  @Operation(operationId = "endOwnSession", summary = "End one of the caller's sessions")
  public void endOwnSession(@PathParam("id") String id) {
    if (account.sessions().stream().noneMatch(login -> login.id().equals(id))) {
      throw Problem.notFound("session " + id);
    }
    account.endSession(id);
  }

  /** Their tokens. */
  @GET
  @Path("tokens")
  @Needs(Action.OWN_ACCOUNT)
  @Operation(operationId = "listOwnTokens", summary = "The caller's tokens, the newest first")
  public List<ApiToken> listOwnTokens() {
    return tokens.of(Caller.current().name()).stream().map(ApiToken::of).toList();
  }

  /** Makes one worthless. */
  @DELETE
  @Path("tokens/{id}")
  @Needs(Action.OWN_ACCOUNT)
  @Operation(operationId = "revokeOwnToken", summary = "Make one of the caller's tokens worthless")
  public void revokeOwnToken(@PathParam("id") String id) {
    if (tokens.of(Caller.current().name()).stream().noneMatch(token -> token.id().equals(id))) {
      throw Problem.notFound("token " + id);
    }
    tokens.revoke(id);
  }
}
