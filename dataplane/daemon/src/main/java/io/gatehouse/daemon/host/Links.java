// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.host;

import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.check.HostFacts.HostInterface;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** The interfaces of this machine, or of the network namespace that the process is in. */
public final class Links {
  private Links() {}

  /** All of them with their addresses. */
  public static List<HostInterface> all() {
    try {
      return NetworkInterface.networkInterfaces().map(Links::withAddresses).toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private static HostInterface withAddresses(NetworkInterface link) {
    List<Prefix> addresses = new ArrayList<>();
    for (InterfaceAddress each : link.getInterfaceAddresses()) {
      // Without the scope that the platform adds to link-local addresses.
      InetAddress address = IpLiteral.address(each.getAddress().getAddress());
      addresses.add(new Prefix(address, each.getNetworkPrefixLength()));
    }
    return new HostInterface(link.getName(), addresses);
  }

  /** The interfaces of IPv4 default routes in main: destination and mask are zero (proc(5)). */
  public static Set<String> ofDefaultRoutes() {
    return Proc.table("thread-self/net/route").stream()
        .filter(words -> words.length > 7)
        .filter(words -> words[1].equals("00000000") && words[7].equals("00000000"))
        .map(words -> words[0])
        .collect(Collectors.toSet());
  }

  /** The least MTU of some interfaces. */
  public static OptionalInt mtu(Collection<String> names) {
    OptionalInt least = OptionalInt.empty();
    for (String name : names) {
      try {
        NetworkInterface link = NetworkInterface.getByName(name);
        int mtu = link == null ? 0 : link.getMTU();
        if (mtu > 0 && mtu < least.orElse(Integer.MAX_VALUE)) {
          least = OptionalInt.of(mtu);
        }
      } catch (SocketException e) {
        // It has just gone.
      }
    }
    return least;
  }
}
