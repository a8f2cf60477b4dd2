// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.datapath.TunnelCounters;
import io.gatehouse.protocol.DeviceTotals;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.HandshakeCounters;
import io.gatehouse.protocol.PeerTotals;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PublicKey;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far the counters of tunnels and peers have come, so that they go on over a restart of the
 * data plane. A tunnel's are kept as long as its file is there.
 *
 * <p>Written each minute and at the end. Whoever is killed loses the last minute: counters that
 * somebody has read before may then be less, so all of them count as begun at the start after that
 * ({@code since}), which is what stations go by. Written whole or not at all.
 *
 * <p>Kept as text. The first line says {@code ended} or, while a data plane runs or after it was
 * killed, {@code running}. Then a line {@code INTERFACE interface SINCE NUMBERS} for each tunnel
 * and {@code INTERFACE PUBLICKEY SINCE NUMBERS} for each peer, the numbers unsigned and followed by
 * {@code REASON=COUNT} for what was dropped. Belongs to the control thread.
 */
final class LastCounters {
  private static final Logger LOG = System.getLogger(LastCounters.class.getName());

  /** At most so much is lost by a kill. */
  static final Duration INTERVAL = Duration.ofMinutes(1);

  private static final String ENDED = "ended";
  private static final String RUNNING = "running";
  private static final String OF_INTERFACE = "interface";
  private static final int INTERFACE_NUMBERS = 19;
  private static final int PEER_NUMBERS = 7;

  /** Those of a tunnel and its peers. */
  record Counters(TunnelCounters ofInterface, DeviceTotals ofDevice) {}

  private final Optional<Path> file;
  private final Map<String, Counters> tunnels = new TreeMap<>();
  private long written = System.nanoTime();

  private LastCounters(Optional<Path> file) {
    this.file = file;
  }

  /** For tunnels whose counters begin anew each time, as those of wg-quick do. */
  static LastCounters none() {
    return new LastCounters(Optional.empty());
  }

  /**
   * Reads what was written last, and notes that a data plane runs. A line that makes no sense is
   * said and left out.
   *
   * @param file need not be there yet
   * @param directory tunnels without a file in it are forgotten
   * @param now from when on counters count that were written before a kill
   * @throws IOException if it is there and cannot be read
   */
  static LastCounters read(Path file, Path directory, Instant now) throws IOException {
    LastCounters counters = new LastCounters(Optional.of(file));
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return counters;
    }
    Optional<Instant> since = text.startsWith(ENDED + "\n") ? Optional.empty() : Optional.of(now);
    Map<String, TunnelCounters> interfaces = new HashMap<>();
    Map<String, DeviceTotals> devices = new HashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (number == 1 && (line.equals(ENDED) || line.equals(RUNNING))) {
        continue;
      }
      try {
        take(line.split(" ", -1), since, interfaces, devices);
      } catch (IllegalArgumentException e) {
        LOG.log(
            Level.WARNING,
            file + ":" + number + ": left out, since it makes no sense: " + e.getMessage());
      }
    }
    interfaces.forEach(
        (name, ofInterface) -> {
          if (Files.exists(directory.resolve(name + InterfaceName.SUFFIX))) {
            counters.tunnels.put(
                name, new Counters(ofInterface, devices.getOrDefault(name, DeviceTotals.NONE)));
          }
        });
    try {
      counters.write(RUNNING);
    } catch (IOException e) {
      // A full disk must not keep tunnels down.
      LOG.log(Level.WARNING, "after a kill counters may seem to go back, since " + e);
    }
    return counters;
  }

  private static void take(
      String[] words,
      Optional<Instant> since,
      Map<String, TunnelCounters> interfaces,
      Map<String, DeviceTotals> devices) {
    if (words.length < 2 || !InterfaceName.isLegal(words[0])) {
      throw new IllegalArgumentException("no INTERFACE");
    }
    boolean ofInterface = words[1].equals(OF_INTERFACE);
    int count = 1 + (ofInterface ? INTERFACE_NUMBERS : PEER_NUMBERS);
    if (words.length < 2 + count) {
      throw new IllegalArgumentException("fewer than " + count + " numbers");
    }
    long[] n = new long[count];
    for (int i = 0; i < count; i++) {
      n[i] = Long.parseUnsignedLong(words[2 + i]);
    }
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    for (int i = 2 + count; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      drops.put(
          DropReason.valueOf(words[i].substring(0, Math.max(0, equals))),
          Long.parseUnsignedLong(words[i].substring(equals + 1)));
    }
    DeviceTotals known = devices.getOrDefault(words[0], DeviceTotals.NONE);
    if (ofInterface) {
      interfaces.put(
          words[0],
          new TunnelCounters(
              since.map(Instant::getEpochSecond).orElse(n[0]),
              n[1],
              n[2],
              n[3],
              n[4],
              n[5],
              n[6],
              new TunnelCounters.Udp(n[7], n[8], n[9], n[10]),
              false));
      devices.put(
          words[0],
          new DeviceTotals(
              new HandshakeCounters(n[11], n[12], n[13], n[14], n[15], n[16], n[17], n[18], n[19]),
              drops,
              known.peers()));
    } else {
      Map<PublicKey, PeerTotals> peers = new HashMap<>(known.peers());
      peers.put(
          PublicKey.parse(words[1]),
          new PeerTotals(
              since.map(LastCounters::epochNanos).orElse(n[0]),
              n[1],
              n[2],
              n[3],
              n[4],
              n[5],
              n[6],
              n[7],
              drops));
      devices.put(words[0], new DeviceTotals(known.handshakes(), known.drops(), peers));
    }
  }

  private static long epochNanos(Instant at) {
    return Duration.between(Instant.EPOCH, at).toNanos();
  }

  /** What the counters of a tunnel are to go on from, if there is something. */
  Optional<Counters> of(InterfaceName tunnel) {
    return Optional.ofNullable(tunnels.get(tunnel.value()));
  }

  /** Whether it is time to {@link #see} all tunnels, and then to {@link #writeWhenDue}. */
  boolean isDue(long nanoTime) {
    return file.isPresent() && nanoTime - written >= INTERVAL.toNanos();
  }

  /** Takes over the counters of a tunnel as they are now. */
  void see(InterfaceName tunnel, TunnelCounters ofInterface, DeviceTotals ofDevice) {
    tunnels.put(tunnel.value(), new Counters(ofInterface, ofDevice));
  }

  /** Forgets a tunnel whose file is gone. */
  void forget(InterfaceName tunnel) {
    tunnels.remove(tunnel.value());
  }

  /** Writes down what was seen, if it is time. */
  void writeWhenDue(long nanoTime) throws IOException {
    if (isDue(nanoTime)) {
      written = nanoTime;
      write(RUNNING);
    }
  }

  /** Writes down what was seen when no tunnel runs any more. */
  void writeAtEnd() throws IOException {
    write(ENDED);
  }

  private void write(String state) throws IOException {
    if (file.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder(state).append('\n');
    tunnels.forEach(
        (name, counters) -> {
          TunnelCounters at = counters.ofInterface;
          HandshakeCounters done = counters.ofDevice.handshakes();
          line(
              text,
              name,
              OF_INTERFACE,
              counters.ofDevice.drops(),
              at.since(),
              at.rxBytes(),
              at.txBytes(),
              at.rxPackets(),
              at.txPackets(),
              at.rxDrops(),
              at.txDrops(),
              at.udp().rxDatagrams(),
              at.udp().txDatagrams(),
              at.udp().rxBytes(),
              at.udp().txBytes(),
              done.initiationsIn(),
              done.initiationsOut(),
              done.responsesIn(),
              done.responsesOut(),
              done.cookiesIn(),
              done.cookiesOut(),
              done.completed(),
              done.timedOut(),
              done.refused());
          counters
              .ofDevice
              .peers()
              .forEach(
                  (key, peer) ->
                      line(
                          text,
                          name,
                          key.toString(),
                          peer.drops(),
                          peer.sinceEpochNanos(),
                          peer.rxBytes(),
                          peer.txBytes(),
                          peer.rxPackets(),
                          peer.txPackets(),
                          peer.handshakes(),
                          peer.handshakeFailures(),
                          peer.endpointChanges()));
        });
    AtomicFile.write(file.get(), text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static void line(
      StringBuilder text, String tunnel, String of, Map<DropReason, Long> drops, long... numbers) {
    text.append(tunnel).append(' ').append(of);
    for (long number : numbers) {
      text.append(' ').append(Long.toUnsignedString(number));
    }
    new TreeMap<>(drops)
        .forEach(
            (reason, count) ->
                text.append(' ').append(reason).append('=').append(Long.toUnsignedString(count)));
    text.append('\n');
  }
}
