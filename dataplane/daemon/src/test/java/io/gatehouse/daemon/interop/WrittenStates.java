// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Every state of every file that somebody has written, to tell damage from a change. */
final class WrittenStates {
  /** What {@code tunnel.save} may bring, change or take away. */
  private static final Pattern SAVED =
      Pattern.compile("(?i)persistentkeepalive ?= ?([0-9]{1,5}|off)|fwmark ?= ?0x[0-9a-f]{1,8}");

  private final Map<String, Set<String>> exact = new ConcurrentHashMap<>();
  private final Map<String, Set<List<String>>> withoutEdits = new ConcurrentHashMap<>();
  private final Set<String> added = ConcurrentHashMap.newKeySet();

  /** Before it is written. */
  void add(String fileName, String text) {
    exact.computeIfAbsent(fileName, name -> ConcurrentHashMap.newKeySet()).add(text);
    withoutEdits
        .computeIfAbsent(fileName, name -> ConcurrentHashMap.newKeySet())
        .add(withoutEdits(text));
  }

  /** Before {@code peer.add} is asked for it. */
  void addPeer(String publicKey) {
    added.add(publicKey);
  }

  /** Byte for byte as it was dropped. */
  boolean isAsDropped(String fileName, String text) {
    return exact.getOrDefault(fileName, Set.of()).contains(text);
  }

  /**
   * As it was dropped, but for whole edits that were asked for by the control interface: a peer at
   * its end, the keepalive of another one, the mark of policy routing.
   */
  boolean isState(String fileName, String text) {
    return isAsDropped(fileName, text)
        || withoutEdits.getOrDefault(fileName, Set.of()).contains(withoutEdits(text));
  }

  private List<String> withoutEdits(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    int end = end(lines);
    if (!addedPeers(lines.subList(end, lines.size()))) {
      return List.of("half a peer is at its end");
    }
    return lines.subList(0, end).stream()
        .filter(line -> !SAVED.matcher(line).matches())
        // An edit may part sections by an empty line.
        .filter(line -> !line.isBlank())
        .toList();
  }

  /** Behind the line that ends a state as it was dropped. */
  private static int end(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).endsWith(" ends")) {
        return i + 1;
      }
    }
    return lines.size();
  }

  /** Whether all of them are whole: what was added ends with a line of its own kind. */
  private boolean addedPeers(List<String> lines) {
    List<String> section = new ArrayList<>();
    for (String line : lines) {
      if (line.isBlank() || SAVED.matcher(line).matches()) {
        continue;
      }
      if (!line.startsWith("#") && !line.equals("[Peer]") && !line.matches("(?i)\\w+ ?= ?\\S+")) {
        return false;
      }
      if (!line.startsWith("#")) {
        section.add(line.replaceAll(" ?= ?", "=").strip());
      }
    }
    if (section.size() % 3 != 0) {
      return false;
    }
    for (int i = 0; i < section.size(); i += 3) {
      String key = section.get(i + 1);
      String ips = section.get(i + 2);
      if (!section.get(i).equals("[Peer]")
          || !added.contains(key.substring(key.indexOf('=') + 1))
          || !ips.matches("(?i)AllowedIPs=10\\.250\\.[0-9]+\\.0/24")) {
        return false;
      }
    }
    return true;
  }
}
