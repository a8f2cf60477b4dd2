// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.daemon.host.Links;
import io.gatehouse.daemon.host.Sessions;
import io.gatehouse.daemon.host.UdpPorts;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.Routing;
import io.gatehouse.linux.Rtnetlink;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.wgquick.check.HostFacts;
import io.gatehouse.wgquick.check.HostFacts.HostInterface;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** See {@link Host#ofThisMachine}. */
record LinuxHost(
    TunDevice.Offloads offloads,
    TunnelOptions datapath,
    TunnelAttachment attachment,
    String consoleGroup)
    implements Host {
  @Override
  public Network network(Path stateDirectory) throws IOException {
    LinuxNetwork network =
        new LinuxNetwork(
            Rtnetlink.open(), offloads, datapath, attachment, Leftovers.in(stateDirectory));
    network.sweep();
    return network;
  }

  @Override
  public HostFacts facts(Set<Integer> ports) {
    List<HostInterface> interfaces = Links.all();
    List<String> defaults = List.copyOf(new TreeSet<>(Links.ofDefaultRoutes()));
    List<HostFacts.UsedPort> used = new ArrayList<>();
    new TreeMap<>(UdpPorts.used(ports, false))
        .forEach((port, holder) -> used.add(new HostFacts.UsedPort(port, holder, "")));
    return new HostFacts(
        interfaces,
        used,
        defaults,
        Sessions.now(interfaces, consoleGroup),
        Links.mtu(defaults),
        Map.of(),
        Map.of(),
        true);
  }

  @Override
  public Routing routing() throws LinuxException {
    return Rtnetlink.open();
  }
}
