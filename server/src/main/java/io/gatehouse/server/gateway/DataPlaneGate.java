// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.ControlException;
import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Forbidden;
import io.gatehouse.server.security.Guard;
import io.gatehouse.server.security.Permissions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.io.IOException;

/**
 * What every request to the data plane passes, whether a page or a program wants it: may the
 * caller, and if it changes something, it is written down.
 */
@ApplicationScoped
public class DataPlaneGate implements ControlClient.Gate {
  private final Guard guard;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected DataPlaneGate() {
    this(null);
  }

  /** Makes the gate. */
  @Inject
  public DataPlaneGate(Guard guard) {
    this.guard = guard;
  }

  @Override
  public Record pass(String method, JsonObject params, ControlClient.Exchange exchange)
      throws IOException, ControlException {
    Action action = Permissions.ofMethod(method, params).orElseThrow(() -> new Forbidden(method));
    if (action == Action.LOOK || params.getBoolean("dryRun", false) || Permissions.isPart(method)) {
      guard.require(action);
      return exchange.send();
    }
    // Two kinds of exceptions, of which a type variable can stand for their common one only.
    try {
      return guard.<Record, Exception>change(
          action,
          method,
          Requested.object(params),
          difference -> {
            Record answer = exchange.send();
            difference.append(Requested.difference(method, params, answer));
            return answer;
          });
    } catch (IOException | ControlException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
