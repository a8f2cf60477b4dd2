// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.datapath.OffloadState;
import io.gatehouse.daemon.datapath.TunnelCounters;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceTotals;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** What tunnels need of the machine. Every call is whole or fails without effect. Thread-safe. */
public interface Network extends Machine, AutoCloseable {
  /** Whether the machine is only played. */
  boolean isSimulated();

  /** Whether an interface has this name. */
  boolean hasInterface(InterfaceName name) throws LinuxException;

  /** Makes an interface, down and bare, with a tunnel behind it. */
  TunnelInterface make(InterfaceName name) throws IOException;

  /**
   * The largest packet toward an address, in octets; empty if there is no route.
   *
   * @param fwMark of our packets
   * @param notBy number of an interface that does not count, since packets of a tunnel cannot go
   *     through itself
   */
  OptionalInt pathMtu(InetAddress toward, int fwMark, int notBy);

  /** Whether marks count when the source of IPv4 packets is checked (src_valid_mark). */
  boolean marksCountForSources() throws LinuxException;

  /** Sets that. */
  void countMarksForSources(boolean count) throws LinuxException;

  /**
   * Writes down what a tunnel may leave outside of its interface from now on, so that it is found
   * after a crash. Must come before {@link #put}.
   */
  void note(InterfaceName name, Collection<Outside> outside) throws LinuxException;

  /** Sets something of a tunnel that runs, in place of what has the same slot. */
  void put(InterfaceName name, Outside thing) throws LinuxException;

  /** Takes something away; does nothing where it is not there. */
  void remove(InterfaceName name, Outside thing) throws LinuxException;

  /** Takes away what a tunnel has left, in a crash perhaps, unless its interface is there. */
  void sweep(InterfaceName name);

  /** Whether something is there; true for what cannot be looked at. */
  boolean has(Outside thing) throws LinuxException;

  /**
   * What somebody has changed on the machine, this program included.
   *
   * @param interfaces numbers of the interfaces that it is about, those of others among them
   * @param routing whether it is about default routes or rules, or not known in full
   */
  record Changes(Set<Integer> interfaces, boolean routing) {
    /** Copies the set. */
    public Changes {
      interfaces = Set.copyOf(interfaces);
    }

    boolean isEmpty() {
      return interfaces.isEmpty() && !routing;
    }
  }

  /**
   * Calls back when something has changed, until it is closed.
   *
   * @param listener called on another thread
   */
  AutoCloseable watch(Consumer<Changes> listener) throws LinuxException;

  /** Ends the conversation with the machine; what was set stays. */
  @Override
  void close();

  /** A tunnel's interface. */
  interface TunnelInterface extends AutoCloseable {
    /** The kernel's number. */
    int ifIndex();

    /** Its present name; empty when it was moved to another network namespace. */
    Optional<String> nameHere() throws LinuxException;

    /** The addresses that it has. */
    Set<Prefix> presentAddresses() throws LinuxException;

    /** Those of some routes that are there. */
    Set<TunnelRoute> present(Collection<TunnelRoute> routes) throws LinuxException;

    /** In octets, as it is now. */
    int mtu() throws LinuxException;

    /** Whether it is set up, as it is now. */
    boolean isLinkUp() throws LinuxException;

    /** Whether packets can pass: link up, socket open. */
    boolean isUp();

    /** Whether the interface was deleted by somebody. */
    boolean hasEnded();

    /** Calls back, on any thread, when the interface was deleted or closed. */
    void whenEnded(Runnable callback);

    /** Calls back, on any thread, when the device was changed otherwise than by {@link #apply}. */
    void whenChanged(Runnable callback);

    /** Applies a change to the device, whole or not at all. */
    void apply(DeviceChange change) throws LinuxException;

    /** The device. */
    DeviceSnapshot snapshot();

    /** See {@link io.gatehouse.protocol.Device#octets}. */
    Map<PublicKey, Long> octets(Collection<PublicKey> peers);

    /** See {@link io.gatehouse.protocol.Device#timestampToKeep}. */
    long timestampToKeep();

    /** See {@link io.gatehouse.protocol.Device#timestampFloor}. */
    void timestampFloor(long timestamp);

    /** Begins handshakes with those of the peers that have an endpoint, as if data waited. */
    void greet(Set<PublicKey> peers);

    /** See {@link io.gatehouse.daemon.datapath.Tunnel#resume}. */
    void resume(TunnelCounters ofInterface, DeviceTotals ofDevice);

    /** What went through. */
    TunnelCounters counters();

    /** How each of the kernel's offloads fares. */
    List<OffloadState> offloads();

    /** Does nothing when the address is there. */
    void addAddress(Prefix address) throws LinuxException;

    /** Does nothing when the address is not there. */
    void removeAddress(Prefix address) throws LinuxException;

    /** Does nothing when the route is there. */
    void addRoute(TunnelRoute route) throws LinuxException;

    /** Does nothing when the route is not there. */
    void removeRoute(TunnelRoute route) throws LinuxException;

    /** Sets the MTU in octets. */
    void setMtu(int mtu) throws LinuxException;

    /** Sets the link up. */
    void setLinkUp() throws LinuxException;

    /** Removes the interface, and with it its addresses and routes. Idempotent. */
    @Override
    void close();
  }
}
