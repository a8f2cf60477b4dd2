// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.TunLink;

/** The interface of a TUN device that is only played: what is set is so. */
final class SimulatedLink implements TunLink {
  private final EventFd changed;
  private volatile State wanted;
  private volatile State state;

  private SimulatedLink(EventFd changed, State state) {
    this.changed = changed;
    this.wanted = state;
    this.state = state;
  }

  /** A new one, down. */
  static SimulatedLink open(int ifIndex, String name, int mtu) throws LinuxException {
    return new SimulatedLink(EventFd.open(), new State(ifIndex, name, mtu, false));
  }

  /** As it was set last; {@link #state} follows when the tunnel has noticed. */
  State wanted() {
    return wanted;
  }

  synchronized void mtu(int mtu) {
    wanted = new State(wanted.ifIndex(), wanted.name(), mtu, wanted.up());
    changed.signal();
  }

  synchronized void up() {
    wanted = new State(wanted.ifIndex(), wanted.name(), wanted.mtu(), true);
    changed.signal();
  }

  @Override
  public int fd() {
    return changed.fd();
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public State update() {
    changed.drain();
    state = wanted;
    return state;
  }

  @Override
  public void close() {
    changed.close();
  }
}
