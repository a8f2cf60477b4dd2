// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.daemon.host.Links;
import io.gatehouse.daemon.host.Proc;
import io.gatehouse.daemon.host.Sessions;
import io.gatehouse.daemon.host.UdpPorts;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.Checks;
import io.gatehouse.wgquick.check.HostFacts;
import io.gatehouse.wgquick.check.HostFacts.HostInterface;
import io.gatehouse.wgquick.check.HostFacts.Session;
import io.gatehouse.wgquick.check.HostFacts.UsedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the checks of files want to know of the machine that {@code gatehouse} runs on, as far as it
 * is cheap to know and this user may: a fact that cannot be had is left out, and nothing is said
 * about it then. The session is the one of SSH in which the command runs.
 */
final class ThisMachine {
  /** Names that take longer are not reported. */
  private static final Duration LONGEST_LOOKUP = Duration.ofSeconds(3);

  private static final String SSH = "SSH_CONNECTION";

  private final WgInterfaces tunnels;
  private final boolean hooksRun;
  private final Streams streams;

  ThisMachine(WgInterfaces tunnels, boolean hooksRun, Streams streams) {
    this.tunnels = tunnels;
    this.hooksRun = hooksRun;
    this.streams = streams;
  }

  /** The facts that matter for these files. */
  HostFacts facts(List<WgQuickFile> files) {
    Map<String, Integer> tunnelPorts = tunnelPorts();
    List<HostInterface> interfaces = Links.all();
    List<String> defaults =
        Links.ofDefaultRoutes().stream().filter(name -> !tunnelPorts.containsKey(name)).toList();
    return new HostFacts(
        interfaces,
        usedPorts(files, tunnelPorts),
        defaults,
        session(interfaces).map(List::of).orElse(List.of()),
        Links.mtu(defaults),
        lookUp(Checks.namesIn(files)),
        ownKeys(files),
        hooksRun);
  }

  // ---- ports

  private Map<String, Integer> tunnelPorts() {
    Map<String, Integer> ports = new HashMap<>();
    try {
      for (String name : tunnels.names()) {
        ports.put(name, tunnels.get(name).listenPort());
      }
    } catch (IOException | UapiException e) {
      // Not this user's to ask; their sockets are found all the same, only without a name.
    }
    return ports;
  }

  private static List<UsedPort> usedPorts(
      List<WgQuickFile> files, Map<String, Integer> tunnelPorts) {
    Set<Integer> asked = new HashSet<>();
    configs(files).forEach(config -> config.listenPort().ifPresent(asked::add));
    List<UsedPort> used = new ArrayList<>();
    tunnelPorts.forEach((name, port) -> used.add(new UsedPort(port, "tunnel " + name, name)));
    asked.removeAll(tunnelPorts.values());
    UdpPorts.used(asked, true).forEach((port, holder) -> used.add(new UsedPort(port, holder, "")));
    return used;
  }

  // ---- who administers

  private Optional<Session> session(List<HostInterface> interfaces) {
    String connection = streams.variable(SSH);
    // sudo drops the variable, but not from the shell that it was called in.
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    while (connection.isEmpty() && parent.isPresent()) {
      connection = sshOf(parent.get());
      parent = parent.get().parent();
    }
    // Client address, client port, server address, server port (ssh(1)).
    String[] words = connection.split(" ", -1);
    if (words.length != 4) {
      return Optional.empty();
    }
    try {
      InetAddress remote = IpLiteral.parse(words[0]);
      InetAddress local = IpLiteral.parse(words[2]);
      String name = Sessions.name(interfaces, local);
      return Optional.of(new Session("SSH", remote, name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String sshOf(ProcessHandle process) {
    for (String line : Proc.lines(process.pid() + "/environ")) {
      for (String variable : line.split("\0", -1)) {
        if (variable.startsWith(SSH + "=")) {
          return variable.substring(SSH.length() + 1);
        }
      }
    }
    return "";
  }

  // ---- names and keys

  private static Map<String, List<InetAddress>> lookUp(Collection<String> names) {
    Map<String, List<InetAddress>> found = new ConcurrentHashMap<>();
    CountDownLatch open = new CountDownLatch(names.size());
    for (String name : names) {
      Thread _ =
          Thread.startVirtualThread(
              () -> {
                try {
                  found.put(name, List.of(InetAddress.getAllByName(name)));
                } catch (UnknownHostException e) {
                  found.put(name, List.of());
                } finally {
                  open.countDown();
                }
              });
    }
    try {
      boolean _ = open.await(LONGEST_LOOKUP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Map.copyOf(found);
  }

  private static Map<String, PublicKey> ownKeys(List<WgQuickFile> files) {
    Map<String, PublicKey> keys = new HashMap<>();
    for (WgQuickFile file : files) {
      Optional<String> name = file.interfaceName().map(InterfaceName::value);
      file.config()
          .flatMap(TunnelConfig::privateKey)
          .filter(key -> !key.isZero())
          .map(Curve25519::publicKey)
          .ifPresent(key -> name.ifPresent(tunnel -> keys.put(tunnel, key)));
    }
    return keys;
  }

  private static List<TunnelConfig> configs(List<WgQuickFile> files) {
    return files.stream().map(WgQuickFile::config).flatMap(Optional::stream).toList();
  }
}
