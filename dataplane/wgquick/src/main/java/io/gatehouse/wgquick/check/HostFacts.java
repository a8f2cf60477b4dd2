// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What is known of the machine that files are for. What is not known is left empty; then nothing is
 * said about it.
 *
 * @param interfaces those that are there, tunnels included
 * @param usedPorts UDP ports that are listened on
 * @param defaultInterfaces names of the interfaces that default routes of main lead to
 * @param sessions by which somebody administers this machine now
 * @param pathMtu octets that the way out takes at once
 * @param names what endpoints' names resolve to, by name in lower case; nothing for one that does
 *     not resolve
 * @param ownKeys the public keys of tunnels, by interface name
 * @param hooksRun whether PreUp, PostUp, PreDown and PostDown are run
 */
public record HostFacts(
    List<HostInterface> interfaces,
    List<UsedPort> usedPorts,
    List<String> defaultInterfaces,
    List<Session> sessions,
    OptionalInt pathMtu,
    Map<String, List<InetAddress>> names,
    Map<String, PublicKey> ownKeys,
    boolean hooksRun) {
  /** Nothing is known. */
  public static final HostFacts UNKNOWN =
      new HostFacts(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          OptionalInt.empty(),
          Map.of(),
          Map.of(),
          true);

  /** Copies the lists. */
  public HostFacts {
    interfaces = List.copyOf(interfaces);
    usedPorts = List.copyOf(usedPorts);
    defaultInterfaces = List.copyOf(defaultInterfaces);
    sessions = List.copyOf(sessions);
    names = Map.copyOf(names);
    ownKeys = Map.copyOf(ownKeys);
  }

  /** The same with other keys. */
  public HostFacts withOwnKeys(Map<String, PublicKey> keys) {
    return new HostFacts(
        interfaces, usedPorts, defaultInterfaces, sessions, pathMtu, names, keys, hooksRun);
  }

  /**
   * An interface that is there.
   *
   * @param addresses with their host bits
   */
  public record HostInterface(String name, List<Prefix> addresses) {
    /** Copies the list. */
    public HostInterface {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * A UDP port that is listened on.
   *
   * @param holder who has it, in words
   * @param tunnel the name of the interface if it is a tunnel, else empty
   */
  public record UsedPort(int port, String holder, String tunnel) {}

  /**
   * A session by which somebody administers this machine.
   *
   * @param what such as {@code SSH} or {@code the console}
   * @param remote where the other side is
   * @param interfaceName by which it comes in; empty if that is not known
   */
  public record Session(String what, InetAddress remote, String interfaceName) {}
}
