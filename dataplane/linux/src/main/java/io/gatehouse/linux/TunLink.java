// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * The interface of a TUN device as the administrator sees it: its number, name, MTU and whether it
 * is up. Follows the interface through renames and into other network namespaces.
 *
 * <p>One thread polls {@link #fd} and calls {@link #update}; any thread may ask {@link #state}.
 */
public final class TunLink implements AutoCloseable {
  /**
   * The interface at one moment.
   *
   * @param ifIndex its number in its namespace; 0 once it was deleted
   * @param name its name, empty once it was deleted
   * @param mtu in octets
   * @param up whether it is administratively up
   */
  public record State(int ifIndex, String name, int mtu, boolean up) {
    /** What remains after {@code ip link delete}. */
    public static final State DELETED = new State(0, "", 0, false);

    /** Whether the interface was deleted under the descriptor. */
    public boolean isDeleted() {
      return ifIndex == 0;
    }

    private static State of(Link link) {
      return new State(link.index(), link.name(), link.mtu(), link.up());
    }
  }

  private static final int MOVES = 10;

  private final TunDevice tun;
  private final LinkMonitor monitor;
  private volatile State state;

  private TunLink(TunDevice tun, LinkMonitor monitor) {
    this.tun = tun;
    this.monitor = monitor;
    this.state = State.DELETED;
  }

  /**
   * Follows a device from now on, wherever it is.
   *
   * @throws LinuxException EBADFD when it was deleted already, EPERM when it is in another
   *     namespace and CAP_SYS_ADMIN is missing
   */
  public static TunLink follow(TunDevice tun) throws LinuxException {
    TunLink link = new TunLink(tun, LinkMonitor.open(Set.of(LinkMonitor.Topic.LINK)));
    try {
      link.locate();
    } catch (LinuxException | RuntimeException e) {
      link.close();
      throw e;
    }
    return link;
  }

  /** The descriptor, readable when {@link #update} has something to do. Stays the same for life. */
  public int fd() {
    return monitor.fd();
  }

  /** As of the last update. */
  public State state() {
    return state;
  }

  /**
   * Takes in what happened since. Never blocks for long; a move to another namespace costs a
   * short-lived thread.
   *
   * @return the state now
   * @throws LinuxException EPERM when the interface went to another namespace and CAP_SYS_ADMIN is
   *     missing; the state is then the last one known
   */
  public State update() throws LinuxException {
    boolean lost = false;
    for (LinkMonitor.Event event : monitor.read()) {
      switch (event) {
        case LinkMonitor.Event.LinkChanged changed -> {
          if (changed.link().index() == state.ifIndex) {
            state = State.of(changed.link());
          }
        }
        case LinkMonitor.Event.LinkRemoved removed ->
            lost |= removed.link().index() == state.ifIndex;
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
      return netlink.linkByName(tun.name()).map(State::of);
    }
  }

  /** Stops following; the device stays open. */
  @Override
  public void close() {
    monitor.close();
  }
}
