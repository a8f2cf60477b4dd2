// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.server.security.Forbidden;
import jakarta.json.Json;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Tells programs what they may not: 403, and why. */
@Provider
public class ForbiddenMapper implements ExceptionMapper<Forbidden> {
  @Override
  public Response toResponse(Forbidden forbidden) {
    return Response.status(Response.Status.FORBIDDEN)
        .type(MediaType.APPLICATION_JSON)
        .entity(
            Json.createObjectBuilder()
                .add("message", String.valueOf(forbidden.getMessage()))
                .build()
                .toString())
        .build();
  }
}
