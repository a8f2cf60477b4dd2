// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.DriftLine;
import io.gatehouse.control.DropStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerActivity;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.TunnelActivity;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.control.UdpStatus;
import java.util.List;
import java.util.Optional;

/** Made-up states of a gateway, for tests of what shows them. */
public final class Statuses {
  /** A key that the examples of wg(8) use. */
  public static final String KEY_1 = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

  /** Another one. */
  public static final String KEY_2 = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

  private Statuses() {}

  /** A gateway at a moment of the wall clock, in Unix milliseconds. */
  public static GatewayStatus gateway(long time, TunnelStatus... tunnels) {
    return new GatewayStatus("0.1.0", "/etc/wireguard", 1_795_000_000L, time, List.of(tunnels));
  }

  /** A tunnel with peers, up, with the interface number 7. */
  public static TunnelStatus tunnel(PeerStatus... peers) {
    return tunnel("wg0", TunnelStatus.State.UP, 7, false, peers);
  }

  /** A tunnel. */
  public static TunnelStatus tunnel(
      String name, TunnelStatus.State state, int ifIndex, boolean underLoad, PeerStatus... peers) {
    return new TunnelStatus(
        name,
        name + ".conf",
        state,
        ifIndex,
        KEY_2,
        51820,
        0,
        1420,
        List.of("10.0.0.1/24"),
        List.of(peers),
        List.of(),
        1001,
        1002,
        11,
        12,
        13,
        14,
        List.of(new DropStatus("BAD_MAC1", 5)),
        List.of(),
        1_795_000_100L,
        Optional.of(
            new TunnelActivity(
                underLoad,
                21,
                22,
                23,
                24,
                25,
                26,
                27,
                28,
                29,
                Optional.of(new UdpStatus(41, 42, 43, 44)),
                Optional.of(1_795_000_090L))),
        List.of());
  }

  /** A tunnel whose port somebody has changed by hand, and its mark, which is ignored. */
  public static TunnelStatus drifted(PeerStatus... peers) {
    TunnelStatus tunnel = tunnel(peers);
    return new TunnelStatus(
        tunnel.name(),
        tunnel.file(),
        tunnel.state(),
        tunnel.ifIndex(),
        tunnel.publicKey(),
        tunnel.listenPort(),
        tunnel.fwMark(),
        tunnel.mtu(),
        tunnel.addresses(),
        tunnel.peers(),
        tunnel.findings(),
        tunnel.rxBytes(),
        tunnel.txBytes(),
        tunnel.rxPackets(),
        tunnel.txPackets(),
        tunnel.rxDrops(),
        tunnel.txDrops(),
        tunnel.drops(),
        tunnel.offloads(),
        tunnel.since(),
        tunnel.activity(),
        List.of(
            new DriftLine(3, PlanKind.DEVICE, "", "listen port", "51820", "4000", false),
            new DriftLine(0, PlanKind.DEVICE, "", "firewall mark", "", "0x5", true)));
  }

  /** A peer with keepalive. */
  public static PeerStatus peer(String key, PeerState state) {
    return peer(1, key, "laptop", state, 25, 0, List.of(), 1000, 2000);
  }

  /** A peer. */
  public static PeerStatus peer(
      int number,
      String key,
      String name,
      PeerState state,
      int keepalive,
      long retryingSince,
      List<String> tags,
      long rxBytes,
      long txBytes) {
    return new PeerStatus(
        number,
        key,
        name,
        state,
        "192.0.2.7:40000",
        List.of("10.0.0." + number + "/32", "fd00::" + number + "/128"),
        true,
        keepalive,
        state == PeerState.NEVER ? 0 : 1_795_000_200L,
        state == PeerState.NEVER ? -1 : 33,
        retryingSince,
        rxBytes,
        txBytes,
        101,
        102,
        List.of(new DropStatus("REPLAYED", 3)),
        0,
        Optional.empty(),
        tags,
        "",
        Optional.of(new PeerActivity(31, 32, 33, 1_795_000_150L)));
  }
}
