// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.CommitStatus;
import io.gatehouse.daemon.history.History;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of the directory as they were taken last: where one has an error now, as it was before.
 * Their states go to the history, those of files that came together as one. Control thread.
 */
final class Taken {
  /** So long files that never come to rest may hold up the revision of the others. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int NAMES = 3;

  private final Path directory;
  private final History history;
  private final ConfirmedCommit commit;
  private final InstantSource clock;
  private final SortedMap<String, WgQuickFile> files = new TreeMap<>();
  private final SortedSet<String> changed = new TreeSet<>();
  private @Nullable Long since;

  Taken(Path directory, History history, ConfirmedCommit commit, InstantSource clock) {
    this.directory = directory;
    this.history = history;
    this.commit = commit;
    this.clock = clock;
    history.pin(commit.pending().map(CommitStatus::revision));
  }

  History history() {
    return history;
  }

  ConfirmedCommit commit() {
    return commit;
  }

  /** A file without an error was taken. */
  void put(String name, WgQuickFile document) {
    WgQuickFile before = files.put(name, document);
    if (before == null || !DroppedFile.same(before, document)) {
      changed.add(name);
    }
  }

  /** A file is gone. */
  void remove(String name) {
    if (files.remove(name) != null) {
      changed.add(name);
    }
  }

  /**
   * A look at the directory is over.
   *
   * @param unsettled whether more is coming
   * @param now of the monotonic clock, in nanoseconds
   */
  void looked(boolean unsettled, long now) {
    if (changed.isEmpty()) {
      return;
    }
    if (since == null) {
      since = now;
    }
    if (!unsettled || now - since >= PATIENCE_NANOS) {
      record(fileOrigin());
    }
  }

  /** Some files are found like this, whoever made them so; with what came before it is a state. */
  void found(Map<String, WgQuickFile> there) {
    there.forEach(
        (name, document) -> {
          if (document.config().isPresent()) {
            put(name, document);
          }
        });
    if (!changed.isEmpty()) {
      record(fileOrigin());
    }
  }

  /** What was taken is a state now. */
  void record(ChangeOrigin origin) {
    var _ = record(files, origin);
  }

  /**
   * Writes down what is in the directory, whether or not it has been taken yet.
   *
   * @param there as read just now
   * @return the revision
   */
  CompletableFuture<String> record(Map<String, DroppedFile> there, ChangeOrigin origin) {
    SortedMap<String, WgQuickFile> state = new TreeMap<>();
    there.forEach(
        (name, file) ->
            file.document()
                .filter(document -> document.config().isPresent())
                .or(() -> Optional.ofNullable(files.get(name)))
                .ifPresent(document -> state.put(name, document)));
    return record(state, origin);
  }

  /** Who wrote the files that have changed, as far as can be told. */
  ChangeOrigin fileOrigin() {
    Optional<ChangeOrigin> announced = commit.pending().map(CommitStatus::origin);
    return new ChangeOrigin(
        ChangeSource.FILE,
        announced.map(ChangeOrigin::author).filter(who -> !who.isBlank()).orElseGet(this::owner),
        announced
            .map(ChangeOrigin::message)
            .filter(why -> !why.isBlank())
            .orElseGet(this::changedFiles));
  }

  private CompletableFuture<String> record(
      SortedMap<String, WgQuickFile> state, ChangeOrigin origin) {
    changed.clear();
    since = null;
    return history.record(
        Collections.unmodifiableSortedMap(new TreeMap<>(state)), origin, clock.instant());
  }

  private String owner() {
    // What is gone could be removed by whoever the directory belongs to.
    Path path =
        changed.stream()
            .map(directory::resolve)
            .filter(Files::exists)
            .findFirst()
            .orElse(directory);
    try {
      return Files.getOwner(path).getName();
    } catch (IOException e) {
      return "";
    }
  }

  private String changedFiles() {
    String names =
        changed.stream()
            .limit(NAMES)
            .map(name -> name + (files.containsKey(name) ? "" : " removed"))
            .collect(Collectors.joining(", "));
    int more = changed.size() - NAMES;
    return more > 0 ? names + " and " + more + " more" : names;
  }
}
