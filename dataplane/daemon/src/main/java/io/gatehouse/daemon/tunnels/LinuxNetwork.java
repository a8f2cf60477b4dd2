// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.datapath.TunnelCounters;
import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.Link;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.Route;
import io.gatehouse.linux.RouteLookup;
import io.gatehouse.linux.Rtnetlink;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.OptionalInt;
import java.util.Set;

/** The machine's own network, in the namespace of the process. Thread-safe. */
final class LinuxNetwork implements Network {
  private static final Logger LOG = System.getLogger(LinuxNetwork.class.getName());

  private final Rtnetlink netlink;
  private final TunDevice.Offloads offloads;
  private final TunnelOptions options;
  private final TunnelAttachment attachment;

  LinuxNetwork(
      Rtnetlink netlink,
      TunDevice.Offloads offloads,
      TunnelOptions options,
      TunnelAttachment attachment) {
    this.netlink = netlink;
    this.offloads = offloads;
    this.options = options;
    this.attachment = attachment;
  }

  @Override
  public boolean hasInterface(InterfaceName name) throws LinuxException {
    return netlink.linkByName(name.value()).isPresent();
  }

  @Override
  public TunnelInterface make(InterfaceName name) throws IOException {
    Tunnel tunnel = Tunnel.start(TunDevice.open(name.value(), offloads), options);
    try {
      return new LinuxInterface(tunnel, attachment.attach(tunnel));
    } catch (IOException | RuntimeException e) {
      tunnel.close();
      throw e;
    }
  }

  @Override
  public OptionalInt pathMtu(InetAddress toward, int fwMark, int notBy) {
    try {
      RouteLookup way = netlink.lookupRoute(toward, fwMark);
      return way.ifIndex() == notBy || way.mtu() <= 0
          ? OptionalInt.empty()
          : OptionalInt.of(way.mtu());
    } catch (LinuxException e) {
      // No way there now; there may be one later.
      return OptionalInt.empty();
    }
  }

  private final class LinuxInterface implements TunnelInterface {
    private final Tunnel tunnel;
    private final AutoCloseable attached;
    private volatile boolean ended;

    LinuxInterface(Tunnel tunnel, AutoCloseable attached) {
      this.tunnel = tunnel;
      this.attached = attached;
      whenEnded(() -> ended = true);
    }

    @Override
    public int ifIndex() {
      return tunnel.ifIndex();
    }

    @Override
    public int mtu() throws LinuxException {
      return link().mtu();
    }

    @Override
    public boolean isLinkUp() throws LinuxException {
      return link().up();
    }

    @Override
    public boolean isUp() {
      return tunnel.isUp();
    }

    @Override
    public boolean hasEnded() {
      return ended;
    }

    @Override
    public void whenEnded(Runnable callback) {
      var _ = tunnel.ended().thenRun(callback);
    }

    @Override
    public void apply(DeviceChange change) throws LinuxException {
      tunnel.apply(change);
    }

    @Override
    public DeviceSnapshot snapshot() {
      return tunnel.snapshot();
    }

    @Override
    public long timestampToKeep() {
      return tunnel.timestampToKeep();
    }

    @Override
    public void timestampFloor(long timestamp) {
      tunnel.timestampFloor(timestamp);
    }

    @Override
    public void greet(Set<PublicKey> peers) {
      tunnel.greet(peers);
    }

    @Override
    public TunnelCounters counters() {
      return tunnel.counters();
    }

    @Override
    public void addAddress(Prefix address) throws LinuxException {
      netlink.addAddress(ifIndex(), address);
    }

    @Override
    public void removeAddress(Prefix address) throws LinuxException {
      netlink.removeAddress(ifIndex(), address);
    }

    @Override
    public void addRoute(TunnelRoute route) throws LinuxException {
      netlink.addRoute(of(route));
    }

    @Override
    public void removeRoute(TunnelRoute route) throws LinuxException {
      netlink.removeRoute(of(route));
    }

    @Override
    public void setMtu(int mtu) throws LinuxException {
      netlink.setMtu(ifIndex(), mtu);
    }

    @Override
    public void setLinkUp() throws LinuxException {
      netlink.setUp(ifIndex());
    }

    @Override
    public void close() {
      try {
        attached.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, tunnel.name() + ": what came with the tunnel did not close", e);
      }
      tunnel.close();
    }

    private Route of(TunnelRoute route) {
      return new Route(route.destination(), ifIndex(), route.table(), 0);
    }

    private Link link() throws LinuxException {
      return netlink
          .linkByIndex(ifIndex())
          .orElseThrow(
              () -> new LinuxException(Errno.ENODEV, "cannot find the tunnel's interface", ""));
    }
  }
}
