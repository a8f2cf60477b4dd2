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

  /**
   * Parameters {@link TunnelChoice}; result {@link TunnelChanged}. Brings up a tunnel that was
   * taken down, and tries one again that could not be brought up.
   */
  public static final String TUNNEL_UP = "tunnel.up";

  /**
   * Parameters {@link TunnelChoice}; result {@link TunnelChanged}. Takes a tunnel down, and keeps
   * it down, over restarts as well, until {@link #TUNNEL_UP} or until its file goes.
   */
  public static final String TUNNEL_DOWN = "tunnel.down";

  /**
   * Parameters {@link TunnelChoice}; result {@link TunnelChanged}. Writes the running state of a
   * tunnel into its file, as {@code wg-quick save} does.
   */
  public static final String TUNNEL_SAVE = "tunnel.save";

  /**
   * Parameters {@link PacketQuestion}; result {@link PacketExplanation}. Asks the kernel and
   * changes nothing.
   */
  public static final String EXPLAIN = "explain";

  /** Parameters {@link SnmpUserAddition}; result {@link SnmpUsers}. */
  public static final String SNMP_USER_ADD = "snmp.user.add";

  /** Parameters {@link SnmpUserRemoval}; result {@link SnmpUsers}. */
  public static final String SNMP_USER_REMOVE = "snmp.user.remove";

  /** No parameters; result {@link SnmpUsers}. */
  public static final String SNMP_USER_LIST = "snmp.user.list";

  private ControlMethod() {}
}
