// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.host;

import io.gatehouse.wgquick.check.HostFacts.HostInterface;
import io.gatehouse.wgquick.check.HostFacts.Session;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who administers this machine now: the clients of its SSH servers, and those of the console, which
 * is known by the group that may use the control socket.
 */
public final class Sessions {
  private static final String ESTABLISHED = "01";
  private static final String LISTENING = "0A";

  /** A line of {@code /proc/net/tcp}. */
  private record Connection(
      InetAddress local, int port, InetAddress remote, String state, String user, String inode) {}

  private Sessions() {}

  /**
   * The sessions, each client once.
   *
   * @param interfaces of this machine
   * @param consoleGroup the group whose members the console runs as; empty for no console
   */
  public static List<Session> now(List<HostInterface> interfaces, String consoleGroup) {
    List<Connection> all = connections();
    List<Connection> open = all.stream().filter(each -> each.state.equals(ESTABLISHED)).toList();
    Set<String> inodes = new HashSet<>();
    open.forEach(each -> inodes.add(each.inode));
    // sshd, and sshd-session since OpenSSH 9.8.
    Set<String> ssh =
        Proc.holders(inodes, name -> name.startsWith("sshd") || name.equals("dropbear")).keySet();
    Set<InetAddress> loggedIn = LogindSessions.sshClients();
    Set<String> users = consoleGroup.isEmpty() ? Set.of() : members(consoleGroup);
    Set<Integer> consolePorts = new HashSet<>();
    all.stream()
        .filter(each -> each.state.equals(LISTENING) && users.contains(each.user))
        .forEach(each -> consolePorts.add(each.port));
    Set<Session> found = new HashSet<>();
    for (Connection each : open) {
      boolean console = users.contains(each.user) && consolePorts.contains(each.port);
      boolean bySsh = ssh.contains(each.inode) || loggedIn.contains(each.remote);
      if (!each.remote.isLoopbackAddress() && (console || bySsh)) {
        found.add(
            new Session(
                console ? "the console" : "SSH", each.remote, name(interfaces, each.local)));
      }
    }
    return found.stream().sorted(Comparator.comparing(Session::toString)).toList();
  }

  /** The interface that has an address, empty if none has. */
  public static String name(List<HostInterface> interfaces, InetAddress address) {
    return interfaces.stream()
        .filter(each -> each.addresses().stream().anyMatch(p -> p.address().equals(address)))
        .map(HostInterface::name)
        .findFirst()
        .orElse("");
  }

  private static List<Connection> connections() {
    List<Connection> connections = new ArrayList<>();
    for (String table : new String[] {"thread-self/net/tcp", "thread-self/net/tcp6"}) {
      // Number, local address, remote address, state, queues, timer, retransmissions, user,
      // timeout, inode (proc(5)).
      for (String[] words : Proc.table(table)) {
        if (words.length > 9) {
          connections.add(
              new Connection(
                  Sockets.address(words[1]),
                  Sockets.port(words[1]),
                  Sockets.address(words[2]),
                  words[3],
                  words[7],
                  words[9]));
        }
      }
    }
    return connections;
  }

  /** The numbers of the users of a group but for root, from group(5) and passwd(5). */
  private static Set<String> members(String group) {
    Map<String, String> numbers = new HashMap<>();
    Map<String, Set<String>> primary = new HashMap<>();
    for (String line : Proc.lines(Path.of("/etc/passwd"))) {
      String[] fields = line.split(":", -1);
      if (fields.length > 3 && !fields[2].equals("0")) {
        numbers.put(fields[0], fields[2]);
        primary.computeIfAbsent(fields[3], id -> new HashSet<>()).add(fields[2]);
      }
    }
    Set<String> members = new HashSet<>();
    for (String line : Proc.lines(Path.of("/etc/group"))) {
      String[] fields = line.split(":", -1);
      if (fields.length > 3 && fields[0].equals(group)) {
        members.addAll(primary.getOrDefault(fields[2], Set.of()));
        for (String name : fields[3].split(",", -1)) {
          if (numbers.containsKey(name)) {
            members.add(numbers.get(name));
          }
        }
      }
    }
    return members;
  }
}
