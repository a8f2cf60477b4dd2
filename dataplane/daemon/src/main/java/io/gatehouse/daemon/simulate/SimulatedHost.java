// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.daemon.host.UdpPorts;
import io.gatehouse.daemon.tunnels.Host;
import io.gatehouse.daemon.tunnels.Network;
import io.gatehouse.daemon.tunnels.TunnelAttachment;
import io.gatehouse.linux.Routing;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.check.HostFacts;
import io.gatehouse.wgquick.check.HostFacts.HostInterface;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** A machine in memory. Real are only the UDP ports, which are this machine's, on loopback. */
final class SimulatedHost implements Host {
  private final SimulatedNetwork network;

  SimulatedHost(TunnelOptions datapath, TunnelAttachment attachment) {
    network = new SimulatedNetwork(datapath, attachment);
  }

  @Override
  public Network network(Path stateDirectory) {
    return network;
  }

  @Override
  public HostFacts facts(Set<Integer> ports) {
    return new HostFacts(
        List.of(
            new HostInterface("lo", List.of(Prefix.parse("127.0.0.1/8"))),
            new HostInterface("eth0", List.of(Prefix.parse("192.0.2.7/24")))),
        UdpPorts.used(ports, false).entrySet().stream()
            .map(used -> new HostFacts.UsedPort(used.getKey(), used.getValue(), ""))
            .toList(),
        List.of("eth0"),
        List.of(),
        OptionalInt.of(1500),
        Map.of(),
        Map.of(),
        true);
  }

  @Override
  public Routing routing() {
    return new SimulatedRouting(network);
  }
}
