// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.explorer;

import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.PlanChange;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.PlanLine;
import io.gatehouse.control.PlanOutcome;
import io.gatehouse.control.TunnelPlan;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.wgquick.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which peer has an address, by the networks of all peers alone: the longest prefix that holds it.
 * Rules and routes are the kernel's, which can be asked only about what runs; so this is what a
 * plan can be compared by.
 *
 * @param tunnel its name
 * @param publicKey of the peer
 * @param name of the peer; empty if it has none
 * @param prefix that holds the address
 */
public record Owner(String tunnel, String publicKey, String name, Prefix prefix) {
  private static final String ALLOWED_IPS = "AllowedIPs";
  private static final Pattern PREFIX = Pattern.compile("[0-9a-fA-F.:]+/[0-9]{1,3}");
  private static final Pattern NAMED = Pattern.compile("(.*) \\(([A-Za-z0-9+/]{43}=)\\)");

  /** A peer of a tunnel, and what belongs to it. */
  private record Peer(String name, List<Prefix> allowedIps) {}

  /** Who has it now; empty for nobody, or if that is no address. */
  static Optional<Owner> now(List<TunnelStatus> running, String address) {
    return then(running, List.of(), address);
  }

  /** Who would have it once these plans are carried out. */
  static Optional<Owner> then(List<TunnelStatus> running, List<TunnelPlan> plans, String address) {
    Prefix host;
    try {
      host = Prefix.parse(address);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    Map<String, Map<String, Peer>> tunnels = new HashMap<>();
    for (TunnelStatus tunnel : running) {
      if (tunnel.ifIndex() != 0) {
        tunnels.put(tunnel.name(), peers(tunnel));
      }
    }
    plans.forEach(plan -> carryOut(plan, tunnels));
    List<Owner> owners = new ArrayList<>();
    tunnels.forEach(
        (tunnel, peers) ->
            peers.forEach(
                (key, peer) ->
                    peer.allowedIps().stream()
                        .filter(prefix -> prefix.contains(host))
                        .forEach(
                            prefix -> owners.add(new Owner(tunnel, key, peer.name(), prefix)))));
    return owners.stream().max(Comparator.comparingInt(owner -> owner.prefix().length()));
  }

  private static Map<String, Peer> peers(TunnelStatus tunnel) {
    Map<String, Peer> peers = new HashMap<>();
    for (PeerStatus peer : tunnel.peers()) {
      if (peer.state().isInForce()) {
        peers.put(
            peer.publicKey(),
            new Peer(peer.name(), peer.allowedIps().stream().map(Prefix::parse).toList()));
      }
    }
    return peers;
  }

  private static void carryOut(TunnelPlan plan, Map<String, Map<String, Peer>> tunnels) {
    if (plan.outcome() == PlanOutcome.GOES_DOWN) {
      tunnels.remove(plan.tunnel());
    } else if (plan.outcome() != PlanOutcome.NOT_APPLIED) {
      Map<String, Peer> peers = tunnels.computeIfAbsent(plan.tunnel(), name -> new HashMap<>());
      plan.lines().stream()
          .filter(line -> line.kind() == PlanKind.PEER)
          .forEach(line -> carryOut(line, peers));
    }
  }

  private static void carryOut(PlanLine line, Map<String, Peer> peers) {
    Matcher named = NAMED.matcher(line.subject());
    String key = named.matches() ? named.group(2) : line.subject();
    Peer after = new Peer(named.matches() ? named.group(1) : "", prefixes(line.after()));
    if (line.change() == PlanChange.REMOVED) {
      peers.remove(key);
    } else if (line.change() == PlanChange.ADDED || line.setting().equals(ALLOWED_IPS)) {
      // What is given to one peer is taken from the one that had it.
      peers.replaceAll((other, peer) -> other.equals(key) ? peer : without(peer, after));
      peers.put(key, after);
    }
  }

  private static Peer without(Peer peer, Peer other) {
    return new Peer(
        peer.name(),
        peer.allowedIps().stream().filter(prefix -> !other.allowedIps().contains(prefix)).toList());
  }

  private static List<Prefix> prefixes(String text) {
    return PREFIX.matcher(text).results().map(found -> Prefix.parse(found.group())).toList();
  }

  /** What people call the peer. */
  public String peer() {
    return name.isEmpty() ? publicKey : name;
  }
}
