// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What {@code wg show INTERFACE dump} says, read as its man page describes it. */
record WgShow(String publicKey, int listenPort, List<Peer> peers) {
  /**
   * @param latestHandshake seconds since the epoch, 0 for never
   * @param received octets, unsigned
   * @param sent octets, unsigned
   */
  record Peer(
      String publicKey,
      String endpoint,
      String allowedIps,
      long latestHandshake,
      long received,
      long sent,
      String persistentKeepalive) {}

  static WgShow of(NetworkNamespace where, String tunnel) {
    List<String> lines = where.run("wg", "show", tunnel, "dump").lines().toList();
    String[] device = lines.getFirst().split("\t", -1);
    return new WgShow(
        device[1],
        Integer.parseInt(device[2]),
        lines.stream().skip(1).map(line -> peer(line.split("\t", -1))).toList());
  }

  /** The peer with this key, if the tunnel has it. */
  Optional<Peer> find(String key) {
    return peers.stream().filter(peer -> peer.publicKey.equals(key)).findAny();
  }

  /** The peer with this key. */
  Peer peer(String key) {
    return find(key).orElseThrow(() -> new AssertionError("No peer " + key + " in " + peers));
  }

  private static Peer peer(String[] field) {
    if (field.length != 8) {
      throw new AssertionError("Not a peer: " + Arrays.toString(field));
    }
    return new Peer(
        field[0],
        field[2],
        field[3],
        Long.parseLong(field[4]),
        Long.parseUnsignedLong(field[5]),
        Long.parseUnsignedLong(field[6]),
        field[7]);
  }
}
