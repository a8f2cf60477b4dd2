// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static io.gatehouse.linux.NftTable.ct;
import static io.gatehouse.linux.NftTable.match;
import static io.gatehouse.linux.NftTable.meta;
import static io.gatehouse.linux.NftTable.payload;
import static io.gatehouse.linux.NftTable.quoted;

import io.gatehouse.wgquick.AccessRule;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.IpProtocol;
import io.gatehouse.wgquick.Masquerade;
import io.gatehouse.wgquick.PortForward;
import io.gatehouse.wgquick.PortRange;
import io.gatehouse.wgquick.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The nftables table of a tunnel: under whose address its peers' packets leave, what is sent on to
 * them, and what they may reach. One table of its own, {@code inet gatehouse-NAME}, set and removed
 * whole, so that nobody else's rules are touched. Like every table it cannot let pass what another
 * one drops.
 *
 * @param masquerades for what leaves by an interface
 * @param portForwards for what comes to this machine
 * @param access of peers; of two sources that hold a packet the longer one counts
 */
public record GatewayTable(
    List<Masquerade> masquerades, List<PortForward> portForwards, List<Access> access) {
  private static final int DESTINATION_NAT = -100;
  private static final int FILTER = 0;
  private static final int SOURCE_NAT = 100;

  /** Drops with an answer, so that programs need not wait for it. */
  private static final String REFUSE =
      "{\"reject\":{\"type\":\"icmpx\",\"expr\":\"admin-prohibited\"}}";

  private static final String ACCEPT = "{\"accept\":null}";
  private static final String RETURN = "{\"return\":null}";

  /** Copies the lists. */
  public GatewayTable {
    masquerades = List.copyOf(masquerades);
    portForwards = List.copyOf(portForwards);
    access = List.copyOf(access);
  }

  /**
   * What those behind a peer may reach; answers always pass.
   *
   * @param sources the peer's allowed IPs, masked
   * @param allow all that they may reach; everything if there is none
   * @param deny what they may not reach all the same
   */
  public record Access(List<Prefix> sources, List<AccessRule> allow, List<AccessRule> deny) {
    /** Copies the lists. */
    public Access {
      sources = List.copyOf(sources);
      allow = List.copyOf(allow);
      deny = List.copyOf(deny);
    }

    /** Whether nothing is refused. */
    public boolean isOpen() {
      return allow.isEmpty() && deny.isEmpty();
    }
  }

  /** Whether such a table would do nothing. */
  public boolean isEmpty() {
    return masquerades.isEmpty()
        && portForwards.isEmpty()
        && access.stream().allMatch(Access::isOpen);
  }

  /**
   * Sets the table of a tunnel, in place of one that is there, in one transaction. The interface
   * need not be there yet.
   *
   * @throws LinuxException ENOENT with a remedy where libnftables is missing
   */
  public void set(InterfaceName tunnel) throws LinuxException {
    NftTable table = table(tunnel);
    StringJoiner commands = new StringJoiner(",");
    commands.add(table.replace());
    if (access.stream().anyMatch(each -> !each.isOpen())) {
      access(table, tunnel, commands);
    }
    if (!portForwards.isEmpty()) {
      commands.add(table.chain("prerouting", "nat", "prerouting", DESTINATION_NAT));
      portForwards.forEach(
          each -> commands.add(table.rule("prerouting", forward(each).toArray(String[]::new))));
    }
    if (!masquerades.isEmpty()) {
      commands.add(table.chain("postrouting", "nat", "postrouting", SOURCE_NAT));
      for (Masquerade each : masquerades) {
        List<String> rule = new ArrayList<>();
        rule.add(comesFrom(tunnel));
        rule.add(match("==", meta("oifname"), quoted(each.out().value())));
        each.source().ifPresent(source -> rule.add(is("saddr", source)));
        rule.add("{\"masquerade\":null}");
        commands.add(table.rule("postrouting", rule.toArray(String[]::new)));
      }
    }
    Nftables.run(commands.toString(), "cannot set the nftables table " + table.name());
  }

  /** Removes the table of a tunnel; does nothing where there is none. */
  public static void remove(InterfaceName tunnel) throws LinuxException {
    table(tunnel).remove();
  }

  private static NftTable table(InterfaceName tunnel) {
    return new NftTable("inet", "gatehouse-" + tunnel);
  }

  // ---- who may reach what

  /** A source and the chain that decides about it. */
  private record Way(Prefix source, String verdict) {
    boolean isHost() {
      return source.length() == 8 * source.address().getAddress().length;
    }
  }

  private void access(NftTable table, InterfaceName tunnel, StringJoiner commands) {
    List<Way> ways = new ArrayList<>();
    // Peers of the same rights share a chain.
    Map<Access, String> chains = new LinkedHashMap<>();
    for (Access each : access) {
      Access rights = new Access(List.of(), each.allow, each.deny);
      String verdict = RETURN;
      if (!each.isOpen()) {
        String chain = chains.computeIfAbsent(rights, key -> "rights-" + (chains.size() + 1));
        verdict = "{\"goto\":{\"target\":" + quoted(chain) + "}}";
      }
      for (Prefix source : each.sources) {
        ways.add(new Way(source, verdict));
      }
    }
    chains.forEach((rights, chain) -> rights(table, chain, rights, commands));
    commands.add(table.chain("access"));
    commands.add(
        table.rule(
            "access",
            match("in", ct("state"), "\"established\""),
            match("==", ct("direction"), "\"reply\""),
            ACCEPT));
    commands.add(table.rule("access", match("in", ct("state"), "\"related\""), ACCEPT));
    // One look-up for all single addresses, which most are; then the others, longest first.
    hosts(table, "ip", ways.stream().filter(way -> way.isHost() && !way.source.isIpv6()).toList())
        .ifPresent(commands::add);
    hosts(table, "ip6", ways.stream().filter(way -> way.isHost() && way.source.isIpv6()).toList())
        .ifPresent(commands::add);
    ways.stream()
        .filter(way -> !way.isHost())
        .sorted(Comparator.comparingInt(way -> -way.source.length()))
        .forEach(way -> commands.add(table.rule("access", is("saddr", way.source), way.verdict)));
    for (String hook : List.of("input", "forward")) {
      commands.add(table.chain(hook, "filter", hook, FILTER));
      commands.add(table.rule(hook, comesFrom(tunnel), "{\"jump\":{\"target\":\"access\"}}"));
    }
  }

  private static void rights(NftTable table, String chain, Access rights, StringJoiner commands) {
    commands.add(table.chain(chain));
    rights.deny.forEach(rule -> commands.add(rule(table, chain, rule, REFUSE)));
    rights.allow.forEach(rule -> commands.add(rule(table, chain, rule, ACCEPT)));
    if (!rights.allow.isEmpty()) {
      commands.add(table.rule(chain, REFUSE));
    }
  }

  private static Optional<String> hosts(NftTable table, String family, List<Way> hosts) {
    if (hosts.isEmpty()) {
      return Optional.empty();
    }
    StringJoiner elements = new StringJoiner(",", "{\"set\":[", "]}");
    hosts.forEach(
        way ->
            elements.add(
                "[" + quoted(IpLiteral.format(way.source.address())) + "," + way.verdict + "]"));
    return Optional.of(
        table.rule(
            "access",
            "{\"vmap\":{\"key\":" + payload(family, "saddr") + ",\"data\":" + elements + "}}"));
  }

  private static String rule(NftTable table, String chain, AccessRule rule, String verdict) {
    List<String> statements = new ArrayList<>();
    statements.add(is("daddr", rule.destination()));
    if (rule.ports().isPresent()) {
      statements.add(isPort(rule.protocol().orElseThrow(), rule.ports().get()));
    } else {
      rule.protocol()
          .map(protocol -> name(protocol, rule.destination().isIpv6()))
          .ifPresent(name -> statements.add(match("==", meta("l4proto"), quoted(name))));
    }
    statements.add(verdict);
    return table.rule(chain, statements.toArray(String[]::new));
  }

  private static String name(IpProtocol protocol, boolean ipv6) {
    return protocol == IpProtocol.ICMP && ipv6 ? "ipv6-icmp" : protocol.toString();
  }

  // ---- what is sent on

  private static List<String> forward(PortForward forward) {
    String family = forward.isIpv6() ? "ip6" : "ip";
    List<String> rule = new ArrayList<>();
    if (forward.address().isPresent()) {
      rule.add(
          match("==", payload(family, "daddr"), quoted(IpLiteral.format(forward.address().get()))));
    } else {
      rule.add(match("==", meta("nfproto"), quoted(forward.isIpv6() ? "ipv6" : "ipv4")));
      rule.add(match("==", "{\"fib\":{\"result\":\"type\",\"flags\":[\"daddr\"]}}", "\"local\""));
    }
    rule.add(isPort(forward.protocol(), forward.ports()));
    rule.add(
        "{\"dnat\":{\"family\":"
            + quoted(family)
            + ",\"addr\":"
            + quoted(IpLiteral.format(forward.target()))
            + (forward.targetPort().isPresent()
                ? ",\"port\":" + forward.targetPort().getAsInt()
                : "")
            + "}}");
    return rule;
  }

  // ---- matches

  private static String comesFrom(InterfaceName tunnel) {
    return match("==", meta("iifname"), quoted(tunnel.value()));
  }

  /** A prefix of no length is its family. */
  private static String is(String field, Prefix prefix) {
    if (prefix.length() == 0) {
      return match("==", meta("nfproto"), quoted(prefix.isIpv6() ? "ipv6" : "ipv4"));
    }
    return match(
        "==",
        payload(prefix.isIpv6() ? "ip6" : "ip", field),
        "{\"prefix\":{\"addr\":"
            + quoted(IpLiteral.format(prefix.address()))
            + ",\"len\":"
            + prefix.length()
            + "}}");
  }

  private static String isPort(IpProtocol protocol, PortRange ports) {
    return match(
        "==",
        payload(protocol.toString(), "dport"),
        ports.isOne()
            ? Integer.toString(ports.first())
            : "{\"range\":[" + ports.first() + "," + ports.last() + "]}");
  }
}
