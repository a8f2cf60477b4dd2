// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
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
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

  private static final Path PROC = Path.of("/proc");
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
    List<NetworkInterface> links = links();
    List<HostInterface> interfaces = links.stream().map(ThisMachine::addresses).toList();
    List<String> defaults =
        defaultRoutes().stream().filter(name -> !tunnelPorts.containsKey(name)).toList();
    return new HostFacts(
        interfaces,
        usedPorts(files, tunnelPorts),
        defaults,
        session(interfaces).map(List::of).orElse(List.of()),
        mtu(links, defaults),
        lookUp(Checks.namesIn(files)),
        ownKeys(files),
        hooksRun);
  }

  // ---- interfaces and routes

  private static List<NetworkInterface> links() {
    try {
      return NetworkInterface.networkInterfaces().toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private static HostInterface addresses(NetworkInterface link) {
    List<Prefix> addresses = new ArrayList<>();
    for (InterfaceAddress each : link.getInterfaceAddresses()) {
      // Without the scope that the platform adds to link-local addresses.
      InetAddress address = IpLiteral.address(each.getAddress().getAddress());
      addresses.add(new Prefix(address, each.getNetworkPrefixLength()));
    }
    return new HostInterface(link.getName(), addresses);
  }

  /** The interfaces of IPv4 default routes in main: destination and mask are zero (proc(5)). */
  private static Set<String> defaultRoutes() {
    Set<String> names = new HashSet<>();
    for (String line : lines(PROC.resolve("net/route"))) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length > 7 && words[1].equals("00000000") && words[7].equals("00000000")) {
        names.add(words[0]);
      }
    }
    return names;
  }

  private static OptionalInt mtu(List<NetworkInterface> links, List<String> defaults) {
    int least = Integer.MAX_VALUE;
    for (NetworkInterface link : links) {
      try {
        if (defaults.contains(link.getName()) && link.getMTU() > 0) {
          least = Math.min(least, link.getMTU());
        }
      } catch (SocketException e) {
        // It has just gone.
      }
    }
    return least == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(least);
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
    Map<Integer, String> sockets = new HashMap<>();
    for (String table : List.of("net/udp", "net/udp6")) {
      for (String line : lines(PROC.resolve(table))) {
        readSocket(line, sockets);
      }
    }
    sockets.keySet().retainAll(asked);
    sockets.keySet().removeAll(tunnelPorts.values());
    if (!sockets.isEmpty()) {
      Map<String, String> programs = programs(new HashSet<>(sockets.values()));
      sockets.forEach(
          (port, inode) ->
              used.add(new UsedPort(port, programs.getOrDefault(inode, "another program"), "")));
    }
    return used;
  }

  /** A line of /proc/net/udp (proc(5)): number, local address, remote, state, ..., inode. */
  private static void readSocket(String line, Map<Integer, String> inodes) {
    String[] words = line.strip().split("\\s+", -1);
    // 07 is a socket that is connected to nobody, so that it takes what comes to its port.
    if (words.length > 9 && words[3].equals("07")) {
      int colon = words[1].lastIndexOf(':');
      inodes.put(Integer.parseInt(words[1].substring(colon + 1), 16), words[9]);
    }
  }

  /** The names of the programs that have sockets, by inode. */
  private static Map<String, String> programs(Set<String> inodes) {
    Map<String, String> found = new HashMap<>();
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      Path of = PROC.resolve(Long.toString(process.pid()));
      try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(of.resolve("fd"))) {
        for (Path descriptor : descriptors) {
          String target = Files.readSymbolicLink(descriptor).toString();
          String inode = target.replaceAll("^socket:\\[(.*)]$", "$1");
          if (inodes.contains(inode)) {
            found.put(inode, String.join("", lines(of.resolve("comm"))));
          }
        }
      } catch (IOException e) {
        // It has ended, or is another user's.
      }
    }
    return found;
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
      String name =
          interfaces.stream()
              .filter(each -> each.addresses().stream().anyMatch(p -> p.address().equals(local)))
              .map(HostInterface::name)
              .findFirst()
              .orElse("");
      return Optional.of(new Session("SSH", remote, name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String sshOf(ProcessHandle process) {
    for (String line : lines(PROC.resolve(process.pid() + "/environ"))) {
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

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }
}
