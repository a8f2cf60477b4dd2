// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.history.History;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Starts tunnels on a machine without a kernel. They look at their directory, {@code tunnels} below
 * a state directory, only when a test says so; hooks, history and checks are there if asked for.
 */
final class StartedTunnels {
  private final Path state;
  private final FakeNetwork network;
  private Clock quotaClock = Clock.systemUTC();
  private Optional<Taken> taken = Optional.empty();
  private Optional<HeldDown> heldDown = Optional.empty();
  private Optional<Admission> admission = Optional.empty();
  private Optional<Duration> hooks = Optional.empty();

  StartedTunnels(Path state, FakeNetwork network) {
    this.state = state;
    this.network = network;
  }

  /** Periods of quotas and expiry go by this clock. */
  StartedTunnels limitsBy(Clock clock) {
    quotaClock = clock;
    return this;
  }

  StartedTunnels hooks(Optional<Duration> limit) {
    hooks = limit;
    return this;
  }

  /** With a history, and commits whose deadlines go by these clocks. */
  StartedTunnels history(InstantSource clock, LongSupplier monotonic) throws IOException {
    taken =
        Optional.of(
            new Taken(
                directory(),
                new History(state.resolve("history"), 64 << 20),
                ConfirmedCommit.read(state.resolve("commit"), clock, monotonic),
                clock));
    return this;
  }

  /** As {@link #history(InstantSource, LongSupplier)}, by the time of day. */
  StartedTunnels history() throws IOException {
    return history(InstantSource.system(), System::nanoTime);
  }

  /** With checks, which know what is held down. */
  StartedTunnels checked(HeldDown down, Admission by) {
    heldDown = Optional.of(down);
    admission = Optional.of(by);
    return this;
  }

  Tunnels start() throws IOException {
    return new Tunnels(
        directory(),
        PeerNumbers.read(state.resolve("numbers")),
        LastKnown.read(
            state.resolve("last-known"),
            LastCounters.read(state.resolve("counters"), directory(), Instant.now())),
        QuotaUsage.read(state.resolve("quota-usage"), quotaClock),
        heldDown.isPresent() ? heldDown.get() : HeldDown.read(state.resolve("held-down")),
        taken,
        admission,
        hooks,
        "1.0",
        network,
        InetAddress::ofLiteral);
  }

  private Path directory() throws IOException {
    return Files.createDirectories(state.resolve("tunnels"));
  }
}
