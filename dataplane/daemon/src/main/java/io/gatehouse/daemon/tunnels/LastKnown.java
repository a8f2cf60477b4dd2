// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.PublicKey;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What must not be lost when the data plane dies: where each peer was last, so that we can greet it
 * before it misses us, and how far the timestamps of our handshakes have come, since a peer refuses
 * what is not newer even if our clock was set back.
 *
 * <p>Kept as text, a line {@code timestamp NUMBER} and one line {@code INTERFACE PUBLICKEY ADDRESS
 * PORT ZONE HANDSHAKE} for each peer that had a session, with the seconds since 1970 of its
 * handshake. Belongs to the control thread.
 */
final class LastKnown {
  private static final Logger LOG = System.getLogger(LastKnown.class.getName());

  /** A peer whose session was made longer ago has none any more (REJECT_AFTER_TIME). */
  static final Duration LIFE_OF_A_SESSION = Duration.ofMinutes(3);

  private static final String TIMESTAMP = "timestamp";

  /** A peer that had a session. */
  private record Seen(Endpoint endpoint, long handshake) {}

  private final Path file;
  private final LastCounters counters;
  private final Map<String, Map<PublicKey, Seen>> peers = new TreeMap<>();
  private long timestamp;
  private String written = "";

  private LastKnown(Path file, LastCounters counters) {
    this.file = file;
    this.counters = counters;
  }

  /**
   * Reads what was written last. A line that makes no sense is said and left out, since the rest
   * still helps.
   *
   * @param file need not be there yet
   * @param counters what is to be forgotten and written with it
   * @throws IOException if it is there and cannot be read
   */
  static LastKnown read(Path file, LastCounters counters) throws IOException {
    LastKnown known = new LastKnown(file, counters);
    try {
      known.written = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return known;
    }
    int number = 0;
    for (String line : known.written.lines().toList()) {
      number++;
      try {
        known.take(line.split(" ", -1));
      } catch (IllegalArgumentException | UnknownHostException e) {
        LOG.log(
            Level.WARNING,
            file + ":" + number + ": left out, since it makes no sense: " + e.getMessage());
      }
    }
    return known;
  }

  private void take(String[] words) throws UnknownHostException {
    if (words.length == 2 && words[0].equals(TIMESTAMP)) {
      timestamp = Long.parseLong(words[1]);
      return;
    }
    if (words.length != 6 || !InterfaceName.isLegal(words[0])) {
      throw new IllegalArgumentException("not INTERFACE PUBLICKEY ADDRESS PORT ZONE HANDSHAKE");
    }
    InetAddress address = IpLiteral.parse(words[2]);
    int zone = Integer.parseInt(words[4]);
    if (zone != 0) {
      address = Inet6Address.getByAddress(null, address.getAddress(), zone);
    }
    Endpoint endpoint = Endpoint.of(new InetSocketAddress(address, Integer.parseInt(words[3])));
    of(words[0]).put(PublicKey.parse(words[1]), new Seen(endpoint, Long.parseLong(words[5])));
  }

  /** How far the counters had come. */
  LastCounters counters() {
    return counters;
  }

  /** For {@link io.gatehouse.protocol.Device#timestampFloor}; one for all tunnels. */
  long timestamp() {
    return timestamp;
  }

  /** Where the peers of a tunnel were that may still have a session with us. */
  Map<PublicKey, Endpoint> peers(InterfaceName tunnel, Instant now) {
    long oldest = now.minus(LIFE_OF_A_SESSION).getEpochSecond();
    Map<PublicKey, Endpoint> recent = new LinkedHashMap<>();
    of(tunnel.value())
        .forEach(
            (peer, seen) -> {
              if (seen.handshake >= oldest) {
                recent.put(peer, seen.endpoint);
              }
            });
    return recent;
  }

  /**
   * Takes over what a tunnel knows now.
   *
   * @param timestampToKeep of its device
   */
  void see(InterfaceName tunnel, DeviceSnapshot device, long timestampToKeep) {
    timestamp = Math.max(timestamp, timestampToKeep);
    Map<PublicKey, Seen> seen = new LinkedHashMap<>();
    for (PeerSnapshot peer : device.peers()) {
      if (peer.state() == PeerSnapshot.State.UP && peer.endpoint().isPresent()) {
        long handshake = Duration.ofNanos(peer.lastHandshakeEpochNanos()).toSeconds();
        seen.put(peer.publicKey(), new Seen(peer.endpoint().get().withoutSource(), handshake));
      }
    }
    peers.put(tunnel.value(), seen);
  }

  /** Forgets the peers and the counters of a tunnel that is gone. */
  void forget(InterfaceName tunnel) {
    counters.forget(tunnel);
    peers.remove(tunnel.value());
  }

  /** Writes it down if it is not what was written last, and the counters if it is time. */
  void write() throws IOException {
    counters.writeWhenDue(System.nanoTime());
    StringBuilder text = new StringBuilder(TIMESTAMP).append(' ').append(timestamp).append('\n');
    peers.forEach(
        (tunnel, of) ->
            of.forEach(
                (peer, seen) ->
                    text.append(tunnel)
                        .append(' ')
                        .append(peer)
                        .append(' ')
                        .append(IpLiteral.format(seen.endpoint.address()))
                        .append(' ')
                        .append(seen.endpoint.port())
                        .append(' ')
                        .append(seen.endpoint.scopeId())
                        .append(' ')
                        .append(seen.handshake)
                        .append('\n')));
    String now = text.toString();
    if (!now.equals(written)) {
      AtomicFile.write(file, now.getBytes(StandardCharsets.US_ASCII));
      written = now;
    }
  }

  private Map<PublicKey, Seen> of(String tunnel) {
    return peers.computeIfAbsent(tunnel, name -> new LinkedHashMap<>());
  }
}
