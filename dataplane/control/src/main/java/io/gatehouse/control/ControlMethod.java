// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/** Names of the methods on the control socket, as JSON-RPC writes them. */
public final class ControlMethod {
  /** No parameters; result {@link GatewayStatus}. Also the name of the notification. */
  public static final String STATUS = "status";

  /**
   * No parameters; result {@link GatewayStatus}. From then on the server sends {@link #STATUS}
   * notifications with a {@link GatewayStatus}: at most one each second, only when something
   * changed, and one every ten seconds in any case.
   */
  public static final String SUBSCRIBE = "subscribe";

  /** Parameters {@link PeerAddition}; result {@link PeerAdded}. */
  public static final String PEER_ADD = "peer.add";

  /** Parameters {@link SnmpUserAddition}; result {@link SnmpUsers}. */
  public static final String SNMP_USER_ADD = "snmp.user.add";

  /** Parameters {@link SnmpUserRemoval}; result {@link SnmpUsers}. */
  public static final String SNMP_USER_REMOVE = "snmp.user.remove";

  /** No parameters; result {@link SnmpUsers}. */
  public static final String SNMP_USER_LIST = "snmp.user.list";

  private ControlMethod() {}
}
