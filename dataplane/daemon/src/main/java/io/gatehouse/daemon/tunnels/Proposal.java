// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.ProposedPeer;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.OwnEndpoint;
import io.gatehouse.wgquick.OwnKey;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What new peers of a tunnel can have. Stateless. */
final class Proposal {
  /** RFC 5737 and RFC 3849: addresses that belong to nobody. Nothing is sent there. */
  private static final List<String> ELSEWHERE = List.of("192.0.2.1", "2001:db8::1");

  /** What most NATs bear (wg(8), PersistentKeepalive). */
  private static final int KEEPALIVE = 25;

  private Proposal() {}

  /**
   * A proposal.
   *
   * @param others what the files of other tunnels say
   * @param running the tunnel, if it is up
   * @param count for how many peers
   */
  static PeerProposal of(
      TunnelConfig config, List<TunnelConfig> others, Optional<DeviceSnapshot> running, int count) {
    List<List<Prefix>> free = new ArrayList<>();
    for (Prefix network : networks(config)) {
      free.add(free(network, used(config, others), count));
    }
    List<ProposedPeer> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = i;
      List<String> addresses =
          free.stream()
              .filter(list -> at < list.size())
              .map(list -> list.get(at).toString())
              .toList();
      if (!addresses.isEmpty()) {
        peers.add(new ProposedPeer(addresses));
      }
    }
    Optional<PublicKey> key = running.flatMap(DeviceSnapshot::publicKey);
    return new PeerProposal(
        peers,
        key.map(PublicKey::toString).orElse(""),
        running.map(DeviceSnapshot::listenPort).flatMap(port -> endpoint(config, port)).orElse(""),
        reach(config),
        config.dns(),
        config.mtu().orElse(0),
        KEEPALIVE);
  }

  /** Those that have room for somebody else. */
  private static List<Prefix> networks(TunnelConfig config) {
    return config.addresses().stream()
        .filter(address -> address.length() < bits(address))
        .map(Prefix::masked)
        .distinct()
        .toList();
  }

  /** Whatever is somebody's already, on or off. */
  private static List<Prefix> used(TunnelConfig config, List<TunnelConfig> others) {
    return Stream.concat(Stream.of(config), others.stream())
        .flatMap(
            each ->
                Stream.concat(
                    each.addresses().stream().map(a -> new Prefix(a.address(), bits(a))),
                    Stream.concat(each.peers().stream(), each.disabledPeers().stream())
                        .map(PeerConfig::allowedIps)
                        .flatMap(List::stream)))
        .toList();
  }

  /**
   * The first addresses of a network that nobody has. Prefixes as wide as the network or wider are
   * ways, not addresses.
   */
  private static List<Prefix> free(Prefix network, List<Prefix> used, int count) {
    List<Prefix> taken =
        used.stream()
            .filter(prefix -> prefix.length() > network.length() && network.contains(prefix))
            .sorted(Comparator.comparing(Proposal::first))
            .toList();
    BigInteger end = last(network);
    BigInteger next = first(network);
    if (network.isIpv6() || bits(network) - network.length() > 1) {
      // The network's own (Subnet-Router anycast, RFC 4291), and the broadcast address of IPv4.
      next = next.add(BigInteger.ONE);
      end = network.isIpv6() ? end : end.subtract(BigInteger.ONE);
    }
    List<Prefix> free = new ArrayList<>();
    int at = 0;
    while (free.size() < count && next.compareTo(end) <= 0) {
      while (at < taken.size() && last(taken.get(at)).compareTo(next) < 0) {
        at++;
      }
      if (at < taken.size() && first(taken.get(at)).compareTo(next) <= 0) {
        next = last(taken.get(at)).add(BigInteger.ONE);
      } else {
        free.add(host(network, next));
        next = next.add(BigInteger.ONE);
      }
    }
    return free;
  }

  private static int bits(Prefix prefix) {
    return 8 * prefix.address().getAddress().length;
  }

  private static BigInteger first(Prefix prefix) {
    return new BigInteger(1, prefix.masked().address().getAddress());
  }

  private static BigInteger last(Prefix prefix) {
    BigInteger size = BigInteger.ONE.shiftLeft(bits(prefix) - prefix.length());
    return first(prefix).add(size).subtract(BigInteger.ONE);
  }

  private static Prefix host(Prefix network, BigInteger number) {
    byte[] octets = new byte[network.address().getAddress().length];
    byte[] digits = number.toByteArray();
    int length = Math.min(octets.length, digits.length);
    System.arraycopy(digits, digits.length - length, octets, octets.length - length, length);
    try {
      return new Prefix(InetAddress.getByAddress(octets), 8 * octets.length);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("an address of the network's own length", e);
    }
  }

  private static List<String> reach(TunnelConfig config) {
    Set<Prefix> reach = new LinkedHashSet<>();
    if (config.own().get(OwnKey.MASQUERADE).isPresent()) {
      config.addresses().forEach(address -> reach.add(new Prefix(address.address(), 0).masked()));
    } else {
      List<Prefix> networks = networks(config);
      reach.addAll(networks);
      config.peers().stream()
          .flatMap(peer -> peer.allowedIps().stream())
          .filter(prefix -> prefix.length() > 0)
          .filter(prefix -> networks.stream().noneMatch(network -> network.contains(prefix)))
          .forEach(reach::add);
    }
    return reach.stream().map(Prefix::toString).toList();
  }

  /** What the file says, else the address from which this machine would reach the world. */
  private static Optional<String> endpoint(TunnelConfig config, int port) {
    Optional<OwnEndpoint> said = config.own().get(OwnKey.ENDPOINT);
    if (said.isPresent()) {
      return said.map(endpoint -> endpoint.at(port).toString());
    }
    for (String elsewhere : ELSEWHERE) {
      try (DatagramChannel channel = DatagramChannel.open()) {
        channel.connect(new InetSocketAddress(InetAddress.ofLiteral(elsewhere), 9));
        if (channel.getLocalAddress() instanceof InetSocketAddress local
            && !local.getAddress().isLoopbackAddress()
            && config.addresses().stream().noneMatch(a -> a.address().equals(local.getAddress()))) {
          return Optional.of(
              new EndpointAddress(IpLiteral.format(local.getAddress()), port).toString());
        }
      } catch (IOException e) {
        // No way there by this family.
      }
    }
    return Optional.empty();
  }
}
