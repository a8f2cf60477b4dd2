// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stable small number for each peer of each tunnel (wgPeerIndex), which outlives restarts and is
 * not given to another peer.
 *
 * <p>Kept as text, one line {@code INTERFACE NUMBER PUBLICKEY} each. Safe for any thread.
 */
final class PeerNumbers {
  private final Path file;
  private final Map<String, Map<PublicKey, Integer>> numbers = new TreeMap<>();

  /** The highest number given, by tunnel. */
  private final Map<String, Integer> highest = new HashMap<>();

  private boolean changed;

  private PeerNumbers(Path file) {
    this.file = file;
  }

  /**
   * Reads the numbers given so far.
   *
   * @param file need not be there yet; its directory must be
   * @throws IOException if it cannot be read, or a line makes no sense: guessing would renumber
   */
  static PeerNumbers read(Path file) throws IOException {
    PeerNumbers numbers = new PeerNumbers(file);
    String text;
    try {
      text = Files.readString(file, StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      return numbers;
    }
    int line = 0;
    for (String row : text.lines().toList()) {
      line++;
      String[] words = row.split(" ", -1);
      try {
        if (words.length != 3 || !InterfaceName.isLegal(words[0])) {
          throw new IllegalArgumentException("not INTERFACE NUMBER PUBLICKEY");
        }
        int number = Integer.parseInt(words[1]);
        numbers.of(words[0]).put(PublicKey.parse(words[2]), number);
        numbers.highest.merge(words[0], number, Math::max);
      } catch (IllegalArgumentException e) {
        throw new IOException(
            file + ":" + line + ": " + e.getMessage() + ". Correct or remove the file", e);
      }
    }
    return numbers;
  }

  /**
   * The number of a peer. One that has none, since it came by UAPI, gets one; that is written down
   * when numbers are next.
   */
  synchronized int number(InterfaceName tunnel, PublicKey peer) {
    Integer number = of(tunnel.value()).get(peer);
    return number == null ? give(tunnel, peer) : number;
  }

  private int give(InterfaceName tunnel, PublicKey peer) {
    int number = highest.merge(tunnel.value(), 1, Integer::sum);
    of(tunnel.value()).put(peer, number);
    changed = true;
    return number;
  }

  /** Gives numbers to the peers that have none; {@link #write} is to follow. */
  synchronized void give(InterfaceName tunnel, Collection<PublicKey> peers) {
    for (PublicKey peer : peers) {
      int _ = number(tunnel, peer);
    }
  }

  /** Gives numbers to the peers that have none, and writes them down. */
  synchronized void remember(InterfaceName tunnel, Collection<PublicKey> peers) throws IOException {
    give(tunnel, peers);
    write();
  }

  private Map<PublicKey, Integer> of(String tunnel) {
    return numbers.computeIfAbsent(tunnel, t -> new HashMap<>());
  }

  /** Writes down what was given, if something was. */
  synchronized void write() throws IOException {
    if (!changed) {
      return;
    }
    StringBuilder text = new StringBuilder();
    numbers.forEach(
        (tunnel, given) ->
            given.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(
                    entry ->
                        text.append(tunnel)
                            .append(' ')
                            .append(entry.getValue())
                            .append(' ')
                            .append(entry.getKey())
                            .append('\n')));
    AtomicFile.write(file, text.toString().getBytes(StandardCharsets.US_ASCII));
    changed = false;
  }
}
