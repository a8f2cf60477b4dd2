// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.linux.ForwardingSwitch.Saved;
import io.gatehouse.linux.GatewayTable;
import io.gatehouse.linux.NameServers;
import io.gatehouse.linux.PolicyRule;
import io.gatehouse.wgquick.InterfaceName;
import java.net.InetAddress;
import java.util.List;

/**
 * Something that a tunnel sets on the machine outside of its interface. It outlives the interface,
 * so {@link Leftovers} knows of it before it is set.
 */
public sealed interface Outside {
  /** What is set in place of something else: of equal slots there is one at a time. */
  Object slot();

  /**
   * A rule of the policy routing for default routes.
   *
   * @param rule with its priority
   */
  record Rule(PolicyRule rule) implements Outside {
    @Override
    public Object slot() {
      return this;
    }
  }

  /**
   * The nftables table beside those rules. Its addresses are those of the file; what the kernel
   * adds by itself, such as a link-local one, is found when it is set.
   *
   * @param ipv6 family: IPv6 or IPv4
   * @param mark of the tunnel's own packets
   * @param addresses of the interface and that family
   */
  record Guard(boolean ipv6, int mark, List<InetAddress> addresses) implements Outside {
    /** Copies the list. */
    public Guard {
      addresses = List.copyOf(addresses);
    }

    @Override
    public Object slot() {
      return ipv6 ? "guard 6" : "guard 4";
    }
  }

  /**
   * The nftables table of what its peers may reach, under whose address they leave, and what is
   * sent on to them.
   *
   * @param table not an empty one
   */
  record Gateway(GatewayTable table) implements Outside {
    @Override
    public Object slot() {
      return "gateway";
    }
  }

  /**
   * That packets are forwarded which come in by an interface, or by any. Several tunnels may need
   * the same, and the last one switches it off.
   *
   * @param ipv6 family: IPv6 or IPv4
   * @param by which interface
   * @param before settings to be written back when it is switched off, for every interface only
   */
  record Forwards(boolean ipv6, Incoming by, List<Saved> before) implements Outside {
    /** Copies the list. */
    public Forwards {
      before = List.copyOf(before);
    }

    @Override
    public Object slot() {
      return slot(ipv6, by);
    }

    static Object slot(boolean ipv6, Incoming by) {
      return "forwards " + (ipv6 ? "6 " : "4 ") + by;
    }
  }

  /** By which interfaces packets come in. */
  sealed interface Incoming {
    /** The tunnel's own, whose switch goes with it. */
    record Own() implements Incoming {}

    /** Every one. */
    record Any() implements Incoming {}

    /** Another one. */
    record By(InterfaceName name) implements Incoming {}
  }

  /**
   * The host's name servers.
   *
   * @param servers and the domains that are searched
   */
  record Dns(NameServers servers) implements Outside {
    @Override
    public Object slot() {
      return "dns";
    }
  }
}
