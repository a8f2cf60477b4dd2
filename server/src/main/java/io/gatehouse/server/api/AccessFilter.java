// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Caller;
import io.gatehouse.server.security.Forbidden;
import io.gatehouse.server.security.Guard;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;

/** Lets a request through to who may what its method {@link Needs}; whoever may not is noted. */
@Provider
@Priority(Priorities.AUTHORIZATION)
@ApplicationScoped
public class AccessFilter implements ContainerRequestFilter {
  @Inject private Guard guard;

  /** Set by the container. */
  @SuppressWarnings("NullAway.Init")
  @Context
  private ResourceInfo resource;

  @Override
  public void filter(ContainerRequestContext request) {
    Method method = resource.getResourceMethod();
    Needs needs = method.getAnnotation(Needs.class);
    if (needs == null) {
      throw new Forbidden(request.getUriInfo().getPath());
    }
    Action action = needs.value();
    if (action == Action.LOOK || Caller.current().may(action)) {
      guard.require(action);
    } else {
      guard.change(
          action,
          method.getName(),
          request.getUriInfo().getPath(),
          difference -> {
            throw new IllegalStateException("the guard let through who may not");
          });
    }
  }
}
