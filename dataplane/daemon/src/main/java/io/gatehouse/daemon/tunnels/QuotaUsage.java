// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.QuotaStatus;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.Quota;
import io.gatehouse.wgquick.TunnelConfig;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How much the peers with a quota have sent and received in their present period. Outlives
 * restarts, crashes as well but for what came after the last {@link #write}.
 *
 * <p>The counters of a device begin at 0 when a peer is added, so what counts is by how much they
 * have risen between two readings; the first reading of a peer only is where to go on from. Kept as
 * text, one line {@code INTERFACE PUBLICKEY SINCE OCTETS} for each peer, SINCE being the seconds
 * since 1970 from which on it was counted, the beginning of a period. Safe for any thread.
 */
final class QuotaUsage {
  private static final Logger LOG = System.getLogger(QuotaUsage.class.getName());

  private static final long NOT_READ = -1;

  private static final class Count {
    long since;
    long octets;
    long reading = NOT_READ;

    Count(long since, long octets) {
      this.since = since;
      this.octets = octets;
    }
  }

  private final Path file;
  private final Clock clock;
  private final Map<String, Map<PublicKey, Count>> counts = new TreeMap<>();
  private String written = "";

  private QuotaUsage(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Reads what was written last. A line that makes no sense is said and left out: one peer that may
   * use its quota again is better than no tunnel at all.
   *
   * @param file need not be there yet
   * @param clock that tells the present period, its midnights being those of its zone
   * @throws IOException if it is there and cannot be read
   */
  static QuotaUsage read(Path file, Clock clock) throws IOException {
    QuotaUsage usage = new QuotaUsage(file, clock);
    try {
      usage.written = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return usage;
    }
    int number = 0;
    for (String line : usage.written.lines().toList()) {
      number++;
      try {
        usage.take(line.split(" ", -1));
      } catch (IllegalArgumentException e) {
        LOG.log(
            Level.WARNING,
            file + ":" + number + ": left out, since it makes no sense: " + e.getMessage());
      }
    }
    return usage;
  }

  private void take(String[] words) {
    if (words.length != 4 || !InterfaceName.isLegal(words[0])) {
      throw new IllegalArgumentException("not INTERFACE PUBLICKEY SINCE OCTETS");
    }
    of(words[0])
        .put(
            PublicKey.parse(words[1]),
            new Count(Long.parseLong(words[2]), Long.parseLong(words[3])));
  }

  /** The clock by which periods begin. */
  Clock clock() {
    return clock;
  }

  /** Octets that a peer has used in the present period. */
  synchronized long used(InterfaceName tunnel, PublicKey peer, Quota.Period period) {
    Count count = of(tunnel.value()).get(peer);
    return count == null || count.since < start(period) ? 0 : count.octets;
  }

  /** How it stands with the quota of a peer, if it has one. */
  Optional<QuotaStatus> status(InterfaceName tunnel, PeerConfig peer) {
    return peer.metadata()
        .quota()
        .map(
            quota -> {
              Instant end = quota.period().endOf(clock.instant(), clock.getZone());
              return new QuotaStatus(
                  quota.octets(),
                  quota.period().name().toLowerCase(Locale.ROOT),
                  used(tunnel, peer.publicKey(), quota.period()),
                  end.equals(Instant.MAX) ? 0 : end.getEpochSecond());
            });
  }

  /**
   * Adds what has passed since the last reading of the counters.
   *
   * @param peers those with a quota; no others are counted
   * @param readings octets of those that are in the device
   */
  synchronized void count(
      InterfaceName tunnel, Collection<PeerConfig> peers, Map<PublicKey, Long> readings) {
    Map<PublicKey, Count> known = of(tunnel.value());
    Map<PublicKey, Count> counted = new LinkedHashMap<>();
    for (PeerConfig peer : peers) {
      peer.metadata()
          .quota()
          .ifPresent(
              quota -> {
                long start = start(quota.period());
                Count count = known.computeIfAbsent(peer.publicKey(), k -> new Count(start, 0));
                // A later one was in a shorter period, or the clock is behind for now.
                if (count.since < start) {
                  count.since = start;
                  count.octets = 0;
                }
                counted.put(peer.publicKey(), count);
              });
    }
    readings.forEach(
        (peer, reading) -> {
          Count count = counted.remove(peer);
          if (count != null) {
            if (count.reading != NOT_READ) {
              count.octets += reading >= count.reading ? reading - count.reading : reading;
            }
            count.reading = reading;
          }
        });
    // Not in the device now: its counters will begin anew.
    counted.values().forEach(count -> count.reading = NOT_READ);
  }

  /** The device is gone: the counters of the next one begin anew. */
  void stopReading(InterfaceName tunnel) {
    stopReadingBut(tunnel, List.of());
  }

  /** Others have no quota for now, and what passes meanwhile does not count. */
  synchronized void stopReadingBut(InterfaceName tunnel, Collection<PeerConfig> withQuota) {
    Map<PublicKey, Count> known = of(tunnel.value());
    if (!known.isEmpty()) {
      Set<PublicKey> read = new HashSet<>();
      withQuota.forEach(peer -> read.add(peer.publicKey()));
      known.forEach(
          (peer, count) -> {
            if (!read.contains(peer)) {
              count.reading = NOT_READ;
            }
          });
    }
  }

  /** Forgets the peers that have left the file of a tunnel; disabled ones are still in it. */
  synchronized void retain(InterfaceName tunnel, TunnelConfig config) {
    Map<PublicKey, Count> known = of(tunnel.value());
    if (!known.isEmpty()) {
      Set<PublicKey> present = new HashSet<>();
      config.peers().forEach(peer -> present.add(peer.publicKey()));
      config.disabledPeers().forEach(peer -> present.add(peer.publicKey()));
      known.keySet().retainAll(present);
    }
  }

  /** Forgets the tunnels whose files are not in a directory. */
  synchronized void retain(Path directory) {
    counts.keySet().removeIf(name -> !Files.exists(directory.resolve(name + InterfaceName.SUFFIX)));
  }

  /** Forgets the peers of a tunnel whose file is gone. */
  synchronized void forget(InterfaceName tunnel) {
    counts.remove(tunnel.value());
  }

  /** Writes it down if it is not what was written last. */
  synchronized void write() throws IOException {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (tunnel, of) ->
            of.forEach(
                (peer, count) ->
                    text.append(tunnel)
                        .append(' ')
                        .append(peer)
                        .append(' ')
                        .append(count.since)
                        .append(' ')
                        .append(count.octets)
                        .append('\n')));
    String now = text.toString();
    if (!now.equals(written)) {
      AtomicFile.write(file, now.getBytes(StandardCharsets.US_ASCII));
      written = now;
    }
  }

  private long start(Quota.Period period) {
    return period.startOf(clock.instant(), clock.getZone()).getEpochSecond();
  }

  private Map<PublicKey, Count> of(String tunnel) {
    return counts.computeIfAbsent(tunnel, name -> new LinkedHashMap<>());
  }
}
