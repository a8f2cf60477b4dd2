// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.RecordCodec;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The commit that waits to be confirmed, if there is one. Outlives restarts: a small file that is
 * there exactly while one waits. Control thread, but for {@link #pending}.
 *
 * <p>It is due when either clock says so: the wall clock counts while the machine sleeps or the
 * data plane is not there, the monotonic one goes on when somebody sets the other back.
 */
final class ConfirmedCommit {
  private static final Logger LOG = System.getLogger(ConfirmedCommit.class.getName());

  private final Path file;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private volatile Optional<CommitStatus> pending = Optional.empty();
  private long due;

  private ConfirmedCommit(Path file, InstantSource clock, LongSupplier nanoTime) {
    this.file = file;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Reads what was written down.
   *
   * @param file need not be there; its directory must be
   * @throws IOException if it is there and cannot be read
   */
  static ConfirmedCommit read(Path file, InstantSource clock, LongSupplier nanoTime)
      throws IOException {
    ConfirmedCommit commit = new ConfirmedCommit(file, clock, nanoTime);
    try (JsonReader reader =
        Json.createReader(new StringReader(Files.readString(file, StandardCharsets.UTF_8)))) {
      commit.waitFor(RecordCodec.read(reader.readObject(), CommitStatus.class));
    } catch (NoSuchFileException e) {
      return commit;
    } catch (JsonException | IllegalArgumentException e) {
      // To end here would take down all tunnels for a file that only somebody else can have spoilt.
      LOG.log(
          Level.ERROR,
          file + " is not what was written there, so no commit waits to be confirmed: " + e);
    }
    return commit;
  }

  Optional<CommitStatus> pending() {
    return pending;
  }

  /**
   * Begins to wait; written down when it returns.
   *
   * @param length until the deadline
   */
  CommitStatus begin(String revision, Duration length, io.gatehouse.control.ChangeOrigin origin)
      throws IOException {
    long now = clock.millis();
    CommitStatus begun = new CommitStatus(revision, now, now + length.toMillis(), origin);
    AtomicFile.write(file, (RecordCodec.write(begun) + "\n").getBytes(StandardCharsets.UTF_8));
    waitFor(begun);
    return begun;
  }

  /** Nothing waits any more; written down when it returns. */
  void end() throws IOException {
    Files.deleteIfExists(file);
    AtomicFile.flushDirectory(file);
    pending = Optional.empty();
  }

  boolean isDue() {
    return pending.isPresent()
        && (clock.millis() >= pending.get().deadline() || nanoTime.getAsLong() - due >= 0);
  }

  private void waitFor(CommitStatus commit) {
    long whole = Math.max(0, commit.deadline() - commit.begun());
    long left = Math.clamp(commit.deadline() - clock.millis(), 0, whole);
    due = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(left);
    pending = Optional.of(commit);
  }
}
