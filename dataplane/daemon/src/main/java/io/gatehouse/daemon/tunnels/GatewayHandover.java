// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.linux.GatewayTable;
import io.gatehouse.linux.GatewayTable.Access;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.AccessRule;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What peers may reach while the device changes. The rules of those that come must be there before
 * them, and the rules of those that go until they are gone; so for that moment both are there, and
 * addresses that leave a peer with rules reach nothing.
 */
final class GatewayHandover {
  private static final List<AccessRule> EVERYTHING =
      List.of(AccessRule.parse("0.0.0.0/0"), AccessRule.parse("::/0"));

  private GatewayHandover() {}

  /** The allowed IPs that a change of the device takes from the peers that have them. */
  static Set<Prefix> leaving(DeviceSnapshot device, DeviceChange change) {
    Map<PublicKey, PeerSnapshot> peers = new HashMap<>();
    device.peers().forEach(peer -> peers.put(peer.publicKey(), peer));
    Set<Prefix> leaving = new HashSet<>();
    for (PeerChange peer : change.peers()) {
      PeerSnapshot now = peers.get(peer.publicKey());
      if (now != null && (peer.remove() || peer.replaceAllowedIps())) {
        Set<Prefix> gone = new HashSet<>(now.allowedIps());
        if (!peer.remove()) {
          peer.allowedIps().forEach(given -> gone.remove(given.prefix().masked()));
        }
        leaving.addAll(gone);
      }
    }
    return leaving;
  }

  /**
   * The table for that moment; empty where the one to come does as well.
   *
   * @param leaving as {@link #leaving} tells it
   */
  static Optional<GatewayTable> meanwhile(
      GatewayTable before, GatewayTable after, Set<Prefix> leaving) {
    Map<Prefix, Access> rules = new LinkedHashMap<>();
    put(rules, before);
    Set<Prefix> closed = new HashSet<>(leaving);
    closed.removeIf(prefix -> !rules.containsKey(prefix) || rules.get(prefix).isOpen());
    if (closed.isEmpty()) {
      return Optional.empty();
    }
    put(rules, after);
    closed.forEach(prefix -> rules.put(prefix, new Access(List.of(prefix), List.of(), EVERYTHING)));
    return Optional.of(
        new GatewayTable(
            after.masquerades(), after.portForwards(), new ArrayList<>(rules.values())));
  }

  private static void put(Map<Prefix, Access> rules, GatewayTable table) {
    for (Access each : table.access()) {
      for (Prefix source : each.sources()) {
        rules.put(source.masked(), new Access(List.of(source), each.allow(), each.deny()));
      }
    }
  }
}
