// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PacketExplanation;
import io.gatehouse.control.PacketQuestion;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.linux.Link;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.MatchedRoute;
import io.gatehouse.linux.PolicyRule;
import io.gatehouse.linux.Route;
import io.gatehouse.linux.Routing;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows a packet that is only thought of: the kernel's rule and route, the tunnel, the peer by
 * the longest allowed IP, its endpoint, and whether an answer would be taken. For one question.
 */
final class PacketWay {
  private final Routing routing;
  private final GatewayStatus gateway;
  private final InetAddress source;
  private final InetAddress destination;
  private final List<String> steps = new ArrayList<>();
  private boolean carried;
  private String arrivesBy = "";
  private String rule = "";
  private Optional<MatchedRoute> route = Optional.empty();
  private String leavesBy = "";
  private Optional<TunnelStatus> tunnel = Optional.empty();
  private Optional<Match> match = Optional.empty();
  private String endpointBy = "";

  /** A peer and the prefix by which it was chosen. */
  private record Match(PeerStatus peer, Prefix prefix) {}

  private PacketWay(
      Routing routing, GatewayStatus gateway, InetAddress source, InetAddress destination) {
    this.routing = routing;
    this.gateway = gateway;
    this.source = source;
    this.destination = destination;
  }

  /**
   * Says where it would go.
   *
   * @param routing of the machine that it goes through
   * @throws IllegalArgumentException if the addresses cannot be used
   */
  static PacketExplanation explain(PacketQuestion question, GatewayStatus gateway, Routing routing)
      throws LinuxException {
    InetAddress source = IpLiteral.parse(question.source());
    InetAddress destination = IpLiteral.parse(question.destination());
    if (source.getAddress().length != destination.getAddress().length) {
      throw new IllegalArgumentException("one address is IPv4, the other one IPv6");
    }
    PacketWay way = new PacketWay(routing, gateway, source, destination);
    int arrival = way.arrive();
    if (way.route(arrival) && way.enterTunnel()) {
      way.leave();
    }
    return way.explanation();
  }

  /** Where it comes from; the number of the interface, 0 for this machine. */
  private int arrive() throws LinuxException {
    MatchedRoute back;
    try {
      back = routing.matchRoute(source, Optional.empty(), 0, 0);
    } catch (LinuxException e) {
      steps.add(text(source) + " is not of this machine, and no route leads back to it.");
      return 0;
    }
    if (back.local()) {
      steps.add(text(source) + " is an address of this machine, so the packet starts here.");
      return 0;
    }
    arrivesBy = name(back.ifIndex());
    steps.add(
        "The packet comes in by "
            + arrivesBy
            + ", by which "
            + text(source)
            + " is reached (route "
            + back.destination()
            + ").");
    byIndex(back.ifIndex())
        .ifPresent(
            from ->
                steps.add(
                    longest(from, source)
                        .map(
                            peer ->
                                "Tunnel "
                                    + from.name()
                                    + " takes it from "
                                    + text(peer.peer())
                                    + " alone, whose allowed IP "
                                    + peer.prefix()
                                    + " is the longest with "
                                    + text(source)
                                    + ".")
                        .orElse(
                            "Tunnel "
                                + from.name()
                                + " takes it from nobody: no peer has "
                                + text(source)
                                + " in its AllowedIPs.")));
    return back.ifIndex();
  }

  /** The kernel's decision; whether there is a way out of this machine. */
  private boolean route(int arrival) throws LinuxException {
    MatchedRoute found;
    try {
      found = routing.matchRoute(destination, Optional.of(source), arrival, 0);
    } catch (LinuxException e) {
      steps.add("The kernel sends it nowhere: " + e.getMessage() + ".");
      hintAtTunnels();
      return false;
    }
    route = Optional.of(found);
    if (found.local()) {
      steps.add(text(destination) + " is an address of this machine: the packet goes no further.");
      return false;
    }
    leavesBy = name(found.ifIndex());
    rule = rule(found.table());
    steps.add(
        (rule.isEmpty() ? "" : "By " + rule + ": ")
            + "route "
            + found.destination()
            + " of table "
            + table(found.table())
            + " leads to "
            + leavesBy
            + found.gateway().map(gate -> " by way of " + text(gate)).orElse("")
            + ".");
    return true;
  }

  /** Which peer it is for; whether there is one. */
  private boolean enterTunnel() {
    tunnel = route.flatMap(found -> byIndex(found.ifIndex()));
    if (tunnel.isEmpty()) {
      steps.add(leavesBy + " is no tunnel of this data plane, so it is not encrypted here.");
      hintAtTunnels();
      return false;
    }
    TunnelStatus entered = tunnel.get();
    match = longest(entered, destination);
    if (match.isEmpty()) {
      steps.add(
          "Tunnel "
              + entered.name()
              + " drops it: no peer has "
              + text(destination)
              + " in its AllowedIPs.");
      hintAtWithheld(entered);
      return false;
    }
    steps.add(
        "Tunnel "
            + entered.name()
            + " gives it to "
            + text(match.get().peer())
            + ", whose allowed IP "
            + match.get().prefix()
            + " is the longest with "
            + text(destination)
            + ".");
    return true;
  }

  /** The encrypted packet, and an answer. */
  private void leave() {
    TunnelStatus entered = tunnel.orElseThrow();
    PeerStatus peer = match.orElseThrow().peer();
    if (peer.endpoint().isEmpty()) {
      steps.add("The peer's endpoint is not known, so it is dropped until the peer calls.");
    } else {
      endpoint(entered, peer);
    }
    steps.add(
        switch (peer.state()) {
          case UP -> "There is a session: it goes at once.";
          case RETRYING -> "A handshake is under way and not answered yet: it waits for that.";
          case NEVER, IDLE -> "There is no session: it waits for a handshake, which it begins.";
          case DISABLED, EXPIRED, OVER_QUOTA ->
              throw new IllegalStateException("packets go to peers in force only");
        });
    steps.add(
        "An answer from "
            + text(destination)
            + " is accepted from this peer, and from no other one, by the same allowed IP.");
  }

  private void endpoint(TunnelStatus entered, PeerStatus peer) {
    String text = peer.endpoint();
    String host = text.substring(0, text.lastIndexOf(':')).replaceAll("^\\[|(%.*)?]$", "");
    try {
      MatchedRoute outer =
          routing.matchRoute(IpLiteral.parse(host), Optional.empty(), 0, entered.fwMark());
      endpointBy = name(outer.ifIndex());
      carried = outer.ifIndex() != entered.ifIndex();
      steps.add(
          "Encrypted it leaves from port "
              + entered.listenPort()
              + " to "
              + text
              + " by "
              + endpointBy
              + (carried ? "." : ", the tunnel itself: it would go round for ever."));
    } catch (LinuxException | IllegalArgumentException e) {
      steps.add("Its endpoint " + text + " cannot be reached: " + e.getMessage() + ".");
    }
  }

  /** What people forget: a peer is there, but no route leads to its tunnel. */
  private void hintAtTunnels() {
    for (TunnelStatus other : gateway.tunnels()) {
      longest(other, destination)
          .ifPresent(
              peer ->
                  steps.add(
                      text(peer.peer())
                          + " of tunnel "
                          + other.name()
                          + " has "
                          + peer.prefix()
                          + " in its AllowedIPs, but no route leads there."));
      hintAtWithheld(other);
    }
  }

  private void hintAtWithheld(TunnelStatus entered) {
    longest(entered, destination, false)
        .ifPresent(
            peer ->
                steps.add(
                    text(peer.peer())
                        + " of tunnel "
                        + entered.name()
                        + " would have it by "
                        + peer.prefix()
                        + ", but "
                        + switch (peer.peer().state()) {
                          case DISABLED -> "is disabled.";
                          case EXPIRED -> "has expired.";
                          case OVER_QUOTA -> "has used its quota.";
                          case NEVER, UP, IDLE, RETRYING -> "is in force.";
                        }));
  }

  private PacketExplanation explanation() {
    Optional<PeerStatus> peer = match.map(Match::peer);
    return new PacketExplanation(
        carried,
        arrivesBy,
        rule,
        route.map(found -> Integer.toUnsignedLong(found.table())).orElse(0L),
        route.map(found -> found.destination().toString()).orElse(""),
        leavesBy,
        tunnel.map(TunnelStatus::name).orElse(""),
        match.map(found -> found.prefix().toString()).orElse(""),
        peer.map(PeerStatus::publicKey).orElse(""),
        peer.map(PeerStatus::name).orElse(""),
        peer.map(PeerStatus::endpoint).orElse(""),
        endpointBy,
        peer.map(found -> found.state().name()).orElse(""),
        match.isPresent(),
        steps);
  }

  private Optional<TunnelStatus> byIndex(int ifIndex) {
    return gateway.tunnels().stream().filter(other -> other.ifIndex() == ifIndex).findFirst();
  }

  private static Optional<Match> longest(TunnelStatus tunnel, InetAddress address) {
    return longest(tunnel, address, true);
  }

  private static Optional<Match> longest(
      TunnelStatus tunnel, InetAddress address, boolean inForce) {
    Prefix host = new Prefix(address, 8 * address.getAddress().length);
    Optional<Match> best = Optional.empty();
    for (PeerStatus peer : tunnel.peers()) {
      if (peer.state().isInForce() != inForce) {
        continue;
      }
      for (String text : peer.allowedIps()) {
        Prefix prefix = Prefix.parse(text);
        if (prefix.contains(host)
            && best.map(found -> found.prefix().length() < prefix.length()).orElse(true)) {
          best = Optional.of(new Match(peer, prefix));
        }
      }
    }
    return best;
  }

  /** The first rule that asks the table; empty for one that the kernel made itself. */
  private String rule(int table) throws LinuxException {
    return routing.listRules(destination.getAddress().length == 16).stream()
        .filter(candidate -> candidate.table() == table)
        .findFirst()
        .map(PolicyRule::toString)
        .orElse("");
  }

  private static String table(int table) {
    return switch (table) {
      case Route.MAIN -> "main";
      case 253 -> "default";
      case 255 -> "local";
      default -> Integer.toUnsignedString(table);
    };
  }

  private String name(int ifIndex) throws LinuxException {
    return routing.linkByIndex(ifIndex).map(Link::name).orElse("interface " + ifIndex);
  }

  private static String text(InetAddress address) {
    return IpLiteral.format(address);
  }

  private static String text(PeerStatus peer) {
    return "peer " + (peer.name().isEmpty() ? peer.publicKey() : peer.name());
  }
}
