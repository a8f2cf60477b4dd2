// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.host;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** UDP ports that programs of this machine listen on. */
public final class UdpPorts {
  /** TCP_CLOSE: a socket that is connected to nobody, so that it takes what comes to its port. */
  private static final String UNCONNECTED = "07";

  private UdpPorts() {}

  /**
   * Which of some ports are in use, and by which program.
   *
   * @param asked ports
   * @param own whether those of this process count
   * @return the program by port, in words where this user may not know it
   */
  public static Map<Integer, String> used(Set<Integer> asked, boolean own) {
    Map<Integer, String> inodes = new HashMap<>();
    for (String table : new String[] {"thread-self/net/udp", "thread-self/net/udp6"}) {
      // Number, local address, remote address, state, ..., inode (proc(5)).
      for (String[] words : Proc.table(table)) {
        if (words.length > 9 && words[3].equals(UNCONNECTED)) {
          int port = Sockets.port(words[1]);
          if (asked.contains(port)) {
            inodes.put(port, words[9]);
          }
        }
      }
    }
    if (!own && !inodes.isEmpty()) {
      inodes.values().removeAll(new HashSet<>(Proc.sockets("self")));
    }
    Map<String, String> programs = Proc.holders(new HashSet<>(inodes.values()), name -> true);
    Map<Integer, String> used = new HashMap<>();
    inodes.forEach(
        (port, inode) -> used.put(port, programs.getOrDefault(inode, "another program")));
    return used;
  }
}
