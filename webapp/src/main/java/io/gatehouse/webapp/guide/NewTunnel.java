// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.guide;

import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.wgquick.Prefix;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A tunnel that might be made: what stands in its file.
 *
 * @param name interface name
 * @param endpoint where clients find it, {@code host} or {@code host:port}; may be empty
 * @param port UDP
 * @param addresses of this side, {@code address/length}, parted by commas
 * @param exit the interface by which clients get to everywhere else; empty for none
 */
record NewTunnel(String name, String endpoint, String port, String addresses, String exit)
    implements Serializable {
  private static final int FIRST_PORT = 51820;

  /** Something that nobody has yet, as far as the tunnels tell. */
  static NewTunnel proposed(List<TunnelStatus> tunnels, RandomGenerator random) {
    return new NewTunnel(
        name(tunnels), "", Integer.toString(port(tunnels)), addresses(tunnels, random), "");
  }

  private static String name(List<TunnelStatus> tunnels) {
    Set<String> taken = tunnels.stream().map(TunnelStatus::name).collect(Collectors.toSet());
    int number = 0;
    while (taken.contains("wg" + number)) {
      number++;
    }
    return "wg" + number;
  }

  private static int port(List<TunnelStatus> tunnels) {
    Set<Integer> taken = tunnels.stream().map(TunnelStatus::listenPort).collect(Collectors.toSet());
    int port = FIRST_PORT;
    while (taken.contains(port)) {
      port++;
    }
    return port;
  }

  /** A network of RFC 1918 and one of RFC 4193, by chance, so that two gateways seldom meet. */
  private static String addresses(List<TunnelStatus> tunnels, RandomGenerator random) {
    List<Prefix> taken =
        tunnels.stream()
            .flatMap(
                tunnel ->
                    Stream.concat(
                        tunnel.addresses().stream(),
                        tunnel.peers().stream().map(PeerStatus::allowedIps).flatMap(List::stream)))
            .map(text -> Prefix.parse(text).masked())
            .filter(prefix -> prefix.length() > 0)
            .toList();
    String four;
    do {
      four = "10." + random.nextInt(1, 255) + "." + random.nextInt(1, 255) + ".1/24";
    } while (meets(taken, Prefix.parse(four).masked()));
    long global = random.nextLong(1L << 40);
    String six =
        String.format(
            Locale.ROOT,
            "fd%02x:%x:%x::1/64",
            global >>> 32,
            global >>> 16 & 0xffff,
            global & 0xffff);
    return four + ", " + six;
  }

  private static boolean meets(List<Prefix> taken, Prefix prefix) {
    return taken.stream().anyMatch(each -> each.contains(prefix) || prefix.contains(each));
  }

  /** The text of its file. The data plane makes the key, and tells it nobody. */
  String text() {
    StringBuilder text = new StringBuilder("[Interface]\n");
    if (!endpoint.isEmpty()) {
      text.append("# gatehouse.endpoint = ").append(endpoint).append('\n');
    }
    if (!exit.isEmpty()) {
      text.append("# gatehouse.masquerade = ").append(exit).append('\n');
    }
    return text.append("PrivateKey = (generate)\nAddress = ")
        .append(addresses)
        .append("\nListenPort = ")
        .append(port)
        .append('\n')
        .toString();
  }
}
