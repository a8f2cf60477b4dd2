// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.MonitoringStatus;
import io.gatehouse.control.SnmpTargetAddition;
import io.gatehouse.control.SnmpTargets;
import io.gatehouse.control.SnmpTest;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUsers;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who may ask by SNMP, and where notifications go. */
@Path("v1/snmp")
@Tag(name = "snmp")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class SnmpResource {
  @Inject private DataPlane dataPlane;

  /** By which doors stations can watch. */
  @GET
  @Needs(Action.LOOK)
  @Operation(
      operationId = "getMonitoring",
      summary = "By which doors stations can watch, and what the SNMP agent refused")
  public MonitoringStatus getMonitoring() throws IOException, ControlException {
    return dataPlane.ask(client -> client.monitoring());
  }

  /** Who may ask. */
  @GET
  @Path("users")
  @Needs(Action.LOOK)
  @Operation(operationId = "listSnmpUsers", summary = "Who may ask by SNMP")
  public SnmpUsers listSnmpUsers() throws IOException, ControlException {
    return dataPlane.ask(client -> client.snmpUsers());
  }

  /** Lets somebody ask. */
  @POST
  @Path("users")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_MONITORING)
  @Operation(operationId = "addSnmpUser", summary = "Add or replace an SNMPv3 user")
  public SnmpUsers addSnmpUser(@Says(SnmpUserAddition.class) Body body)
      throws IOException, ControlException {
    SnmpUserAddition addition = body.as(SnmpUserAddition.class);
    return dataPlane.ask(client -> client.addSnmpUser(addition));
  }

  /** Lets somebody ask no more. */
  @DELETE
  @Path("users/{name}")
  @Needs(Action.EDIT_MONITORING)
  @Operation(operationId = "removeSnmpUser", summary = "Remove an SNMPv3 user")
  public SnmpUsers removeSnmpUser(@PathParam("name") String name)
      throws IOException, ControlException {
    return dataPlane.ask(client -> client.removeSnmpUser(name));
  }

  /** Where notifications go. */
  @GET
  @Path("targets")
  @Needs(Action.LOOK)
  @Operation(operationId = "listSnmpTargets", summary = "Where SNMP notifications go")
  public SnmpTargets listSnmpTargets() throws IOException, ControlException {
    return dataPlane.ask(client -> client.snmpTargets());
  }

  /** Sends them there as well. */
  @POST
  @Path("targets")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_MONITORING)
  @Operation(operationId = "addSnmpTarget", summary = "Send SNMP notifications there as well")
  public SnmpTargets addSnmpTarget(@Says(SnmpTargetAddition.class) Body body)
      throws IOException, ControlException {
    SnmpTargetAddition addition = body.as(SnmpTargetAddition.class);
    return dataPlane.ask(client -> client.addSnmpTarget(addition));
  }

  /** Sends them there no more. */
  @DELETE
  @Path("targets/{address}")
  @Needs(Action.EDIT_MONITORING)
  @Operation(operationId = "removeSnmpTarget", summary = "Send no SNMP notifications there")
  public SnmpTargets removeSnmpTarget(@PathParam("address") String address)
      throws IOException, ControlException {
    return dataPlane.ask(client -> client.removeSnmpTarget(address));
  }

  /** Tries whether they arrive. */
  @POST
  @Path("test")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.TEST_NOTIFICATIONS)
  @Operation(operationId = "testSnmpTargets", summary = "Send a notification to all targets")
  public SnmpTargets testSnmpTargets(@Says(SnmpTest.class) Body body)
      throws IOException, ControlException {
    String text = body.as(SnmpTest.class).text();
    return dataPlane.ask(client -> client.testSnmpTargets(text));
  }
}
