// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** The interface that the kernel has for a TUN device, wherever it is moved. */
final class KernelTunLink implements TunLink {
  private static final int MOVES = 10;

  private final TunDevice tun;
  private final LinkMonitor monitor;
  private volatile State state;

  private KernelTunLink(TunDevice tun, LinkMonitor monitor) {
    this.tun = tun;
    this.monitor = monitor;
    this.state = State.DELETED;
  }

  /** See {@link TunLink#follow}. */
  static TunLink follow(TunDevice tun) throws LinuxException {
    KernelTunLink link = new KernelTunLink(tun, LinkMonitor.open(Set.of(LinkMonitor.Topic.LINK)));
    try {
      link.locate();
    } catch (LinuxException | RuntimeException e) {
      link.close();
      throw e;
    }
    return link;
  }

  @Override
  public int fd() {
    return monitor.fd();
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public State update() throws LinuxException {
    boolean lost = false;
    for (LinkMonitor.Event event : monitor.read()) {
      switch (event) {
        case LinkMonitor.Event.LinkChanged changed -> {
          if (changed.link().index() == state.ifIndex()) {
            state = of(changed.link());
          }
        }
        case LinkMonitor.Event.LinkRemoved removed ->
            lost |= removed.link().index() == state.ifIndex();
        case LinkMonitor.Event.Lost all -> lost = true;
        case LinkMonitor.Event.AddressesChanged other -> {}
        case LinkMonitor.Event.RoutesChanged other -> {}
        case LinkMonitor.Event.RulesChanged other -> {}
      }
    }
    if (lost && !state.isDeleted()) {
      try {
        locate();
      } catch (LinuxException e) {
        if (e.errno() != Errno.EBADFD) {
          throw e;
        }
        state = State.DELETED;
      }
    }
    return state;
  }

  private static State of(Link link) {
    return new State(link.index(), link.name(), link.mtu(), link.up());
  }

  /** Finds the interface by the descriptor, listens where it is, then reads its state. */
  private void locate() throws LinuxException {
    for (int i = 0; i < MOVES; i++) {
      try (NetworkNamespace home = tun.networkNamespace()) {
        Optional<State> found = home.callLinuxHere(this::listenAndRead);
        try (NetworkNamespace after = tun.networkNamespace()) {
          if (found.isPresent() && home.isSameAs(after)) {
            state = found.get();
            return;
          }
        }
      } catch (LinuxException e) {
        throw e;
      } catch (IOException e) {
        throw new LinuxException(Errno.EIO, "cannot compare namespaces", "mount /proc");
      }
    }
    throw new LinuxException(
        Errno.EBUSY, "cannot follow a TUN device", "it moves between namespaces too fast");
  }

  private Optional<State> listenAndRead() throws LinuxException {
    monitor.becomes(LinkMonitor.open(Set.of(LinkMonitor.Topic.LINK)));
    try (Rtnetlink netlink = Rtnetlink.open()) {
      return netlink.linkByName(tun.name()).map(KernelTunLink::of);
    }
  }

  @Override
  public void close() {
    monitor.close();
  }
}
