// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.RateFile.Slot;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * How fast tunnels and peers were in the last 30 days, over restarts of the console as well. What
 * was not seen is a gap; where counters began anew, what flowed since is not guessed. A tunnel is
 * kept from when it is seen, a peer from its first traffic on, and no more of them than the file
 * has room for. Thread-safe.
 */
@ApplicationScoped
public class RateArchive {
  /** So many tunnels and peers together. */
  static final int SERIES = 512;

  private static final System.Logger LOG = System.getLogger(RateArchive.class.getName());

  /** A longer silence is a gap. */
  private static final long SILENCE = 25_000;

  /** Whoever was not seen for so long makes room for others. */
  private static final long FORGOTTEN = 24 * 3600;

  /**
   * What flowed in a step of a span.
   *
   * @param begins Unix seconds
   * @param known whether it was seen
   * @param rx octets in a second, received
   * @param tx octets in a second, sent
   * @param resets how often counters began anew meanwhile
   */
  public record Step(long begins, boolean known, long rx, long tx, int resets) {}

  private record Counters(long rx, long tx) {}

  private final Path file;
  private final int series;
  private @Nullable RateFile open;
  private boolean broken;
  private long before;
  private Map<String, Counters> counters = new HashMap<>();

  /** For the container's proxy. */
  protected RateArchive() {
    this(Path.of(""), 0);
  }

  /**
   * Names the file; it is opened when there is something to keep.
   *
   * @param directory where the console keeps its things
   */
  @Inject
  public RateArchive(@ConfigProperty(name = "gatehouse.console.state") Path directory) {
    this(directory.resolve("rates"), SERIES);
  }

  /** With room for so many. */
  RateArchive(Path file, int series) {
    this.file = file;
    this.series = series;
  }

  synchronized void see(@Observes GatewayView view) {
    Optional<GatewayStatus> status = view.status().filter(s -> view.connected());
    if (status.isEmpty()) {
      return;
    }
    long now = status.get().time();
    long step = Span.HOUR.seconds() * 1000L;
    if (before != 0 && now / step == before / step) {
      return;
    }
    // A clock that was set back begins anew as well.
    int millis = before == 0 || now <= before || now - before > SILENCE ? 0 : (int) (now - before);
    Map<String, Counters> next = new HashMap<>();
    try {
      for (TunnelStatus tunnel : status.get().tunnels()) {
        keep(tunnel.name(), tunnel.rxBytes(), tunnel.txBytes(), millis, now, next, true);
        for (PeerStatus peer : tunnel.peers()) {
          keep(
              name(tunnel.name(), peer.publicKey()),
              peer.rxBytes(),
              peer.txBytes(),
              millis,
              now,
              next,
              false);
        }
      }
    } catch (IOException e) {
      fail(e);
    }
    counters = next;
    before = now;
  }

  private void keep(
      String name,
      long rx,
      long tx,
      int millis,
      long now,
      Map<String, Counters> next,
      boolean always)
      throws IOException {
    Counters then = counters.get(name);
    next.put(name, new Counters(rx, tx));
    if (then == null || millis == 0) {
      return;
    }
    boolean anew = rx < then.rx() || tx < then.tx();
    Slot flow =
        anew ? new Slot(0, 0, 0, 0, 1) : new Slot(0, millis, rx - then.rx(), tx - then.tx(), 0);
    RateFile kept = open();
    if (kept == null || !always && flow.rx() + flow.tx() == 0 && !kept.has(name)) {
      return;
    }
    kept.add(name, now / 1000, flow, now / 1000 - FORGOTTEN);
  }

  private @Nullable RateFile open() {
    if (open == null && !broken) {
      try {
        java.nio.file.Files.createDirectories(file.toAbsolutePath().getParent());
        open = new RateFile(file, series);
      } catch (IOException e) {
        fail(e);
      }
    }
    return open;
  }

  private void fail(IOException e) {
    broken = true;
    LOG.log(System.Logger.Level.WARNING, "rates are not kept any more: {0}: {1}", file, e);
    stop();
  }

  /** Of a tunnel, oldest first; empty when nothing is kept. */
  public List<Step> tunnel(String tunnel, Span span, long seconds) {
    return read(tunnel, span, seconds);
  }

  /** Of a peer, oldest first; empty when nothing is kept. */
  public List<Step> peer(String tunnel, String publicKey, Span span, long seconds) {
    return read(name(tunnel, publicKey), span, seconds);
  }

  private synchronized List<Step> read(String name, Span span, long seconds) {
    RateFile kept = open();
    if (kept == null || !kept.has(name)) {
      return List.of();
    }
    try {
      return kept.read(name, span, seconds).stream().map(slot -> step(slot, span)).toList();
    } catch (IOException e) {
      fail(e);
      return List.of();
    }
  }

  private static Step step(Slot slot, Span span) {
    long begins = (long) slot.period() * span.seconds();
    return slot.millis() == 0
        ? new Step(begins, false, 0, 0, slot.resets())
        : new Step(
            begins,
            true,
            slot.rx() * 1000 / slot.millis(),
            slot.tx() * 1000 / slot.millis(),
            slot.resets());
  }

  private static String name(String tunnel, String publicKey) {
    return tunnel + "/" + publicKey;
  }

  @PreDestroy
  synchronized void stop() {
    RateFile kept = open;
    open = null;
    if (kept != null) {
      try {
        kept.close();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "rates could not be closed", e);
      }
    }
  }
}
