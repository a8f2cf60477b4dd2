// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.FileState;
import io.gatehouse.control.FileVersion;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.daemon.history.FileDiff;
import io.gatehouse.daemon.history.History;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.HostFacts;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes some files of the directory what is wanted, and their tunnels with them: all or nothing.
 * Control thread.
 */
final class FilesEdit {
  private static final Logger LOG = System.getLogger(FilesEdit.class.getName());

  private final Desk desk;

  FilesEdit(Desk desk) {
    this.desk = desk;
  }

  /** What is to become of files. */
  interface Wish {
    /** The files that it is about. */
    Set<String> names();

    /**
     * What they are to be.
     *
     * @param there those that are there, by name
     * @return by name; empty for a file that is to go
     * @throws Refusal if that cannot be
     */
    SortedMap<String, Optional<WgQuickFile>> of(SortedMap<String, DroppedFile> there)
        throws Refusal;

    /** Those that somebody else has changed meanwhile, once {@link #of} has merged them. */
    default Set<String> merged() {
      return Set.of();
    }

    /** In a few words, for the history. */
    String done();
  }

  /**
   * Does it.
   *
   * @param dryRun whether only to say what would come of it
   * @throws Refusal if it cannot be; then all is as before
   */
  FilesChanged make(Wish wish, boolean dryRun, ChangeOrigin origin) throws Refusal {
    SortedMap<String, DroppedFile> there = new TreeMap<>();
    for (String name : wish.names()) {
      checkName(name);
      desk.read(name).ifPresent(file -> there.put(name, file));
    }
    SortedMap<String, WgQuickFile> before = new TreeMap<>();
    there.forEach((name, file) -> file.document().ifPresent(doc -> before.put(name, doc)));
    SortedMap<String, WgQuickFile> written = new TreeMap<>();
    SortedSet<String> removed = new TreeSet<>();
    wish.of(there)
        .forEach(
            (name, wanted) ->
                wanted.ifPresentOrElse(
                    document -> {
                      WgQuickFile now = before.get(name);
                      if (now == null || !DroppedFile.same(now, document)) {
                        written.put(name, document);
                      }
                    },
                    () -> removed.add(name)));
    check(before, written, removed);
    Set<Finding> findings = new LinkedHashSet<>(checks(written));
    Optional<PlanStatus> plan =
        dryRun ? Optional.of(desk.plan(written, removed)) : Optional.empty();
    if (!dryRun) {
      desk.found(before);
      carryOut(before, written, removed);
      desk.record(origin, wish.done());
      written.keySet().forEach(name -> findings.addAll(desk.findings(name)));
    }
    return changed(before, written, removed, wish.merged(), findings, plan);
  }

  /** Only names that a file of the directory can have: no path leads out of it. */
  static void checkName(String name) throws Refusal {
    boolean good =
        !name.startsWith(".")
            && !name.startsWith("-")
            && InterfaceName.ofFile(name)
                .filter(known -> known.fileName().equals(name))
                .isPresent();
    if (!good) {
      throw new Refusal(TunnelFinding.FILE_NAME.of(TunnelDirectory.printable(name)));
    }
  }

  private void check(
      SortedMap<String, WgQuickFile> before,
      SortedMap<String, WgQuickFile> written,
      SortedSet<String> removed)
      throws Refusal {
    List<Finding> wrong = new ArrayList<>();
    written.forEach(
        (name, document) -> {
          Optional<TunnelConfig> wanted = document.config();
          if (TunnelDirectory.isReserved(name)) {
            wrong.add(TunnelFinding.NAME_RESERVED.of(name));
          } else if (wanted.isEmpty()) {
            wrong.addAll(document.findings());
          } else if (!sameHooks(before.get(name), wanted.get())) {
            wrong.add(TunnelFinding.HOOKS_CHANGED.of(name));
          }
        });
    for (String name : changedNames(written, removed)) {
      if (desk.tunnel(name).filter(FileTunnel::isBusy).isPresent()) {
        wrong.add(TunnelFinding.TUNNEL_BUSY.of(name));
      }
    }
    if (wrong.isEmpty()) {
      wrong.addAll(
          PeerConflicts.of(
              List.copyOf(before.values()),
              List.copyOf(written.values()),
              others(written, removed),
              machine()));
    }
    if (!wrong.isEmpty()) {
      throw new Refusal(wrong);
    }
  }

  /** Whether a file would have the lines for PreUp and so on that it has now. */
  static boolean sameHooks(@Nullable WgQuickFile before, TunnelConfig wanted) {
    return Optional.ofNullable(before)
        .flatMap(WgQuickFile::config)
        .map(now -> Hooks.Moment.same(now, wanted))
        .orElseGet(() -> !Hooks.Moment.any(wanted));
  }

  /** All that is to be said about a document in the place of its file. */
  List<Finding> checks(WgQuickFile document) {
    return checks(new TreeMap<>(Map.of(document.fileName(), document)));
  }

  private List<Finding> checks(SortedMap<String, WgQuickFile> written) {
    return PeerConflicts.findings(
        List.copyOf(written.values()), others(written, Set.of()), machine());
  }

  /** Those files that stay as they are, and are in force. */
  private List<WgQuickFile> others(SortedMap<String, WgQuickFile> written, Set<String> removed) {
    SortedMap<String, WgQuickFile> others = new TreeMap<>(desk.documents());
    others.keySet().removeAll(written.keySet());
    others.keySet().removeAll(removed);
    others
        .keySet()
        .removeIf(
            name -> desk.state(name) != FileState.RUNNING && desk.state(name) != FileState.EARLIER);
    return List.copyOf(others.values());
  }

  private HostFacts machine() {
    return desk.machine().withOwnKeys(ownKeys());
  }

  private Map<String, PublicKey> ownKeys() {
    Map<String, PublicKey> keys = new HashMap<>();
    for (String name : desk.names()) {
      desk.tunnel(name)
          .ifPresent(
              tunnel ->
                  tunnel
                      .view()
                      .running()
                      .flatMap(running -> running.snapshot().publicKey())
                      .ifPresent(key -> keys.put(tunnel.name().value(), key)));
    }
    return keys;
  }

  private void carryOut(
      SortedMap<String, WgQuickFile> before,
      SortedMap<String, WgQuickFile> written,
      SortedSet<String> removed)
      throws Refusal {
    write(new RestoredFiles(written, removed));
    List<Finding> why = new ArrayList<>();
    written.forEach(
        (name, document) -> {
          if (!desk.takes(name, document.config().orElseThrow())) {
            why.addAll(desk.findings(name));
          }
        });
    if (why.isEmpty()) {
      return;
    }
    SortedMap<String, WgQuickFile> old = new TreeMap<>(before);
    old.keySet().retainAll(changedNames(written, removed));
    SortedSet<String> made = new TreeSet<>(written.keySet());
    made.removeAll(before.keySet());
    write(new RestoredFiles(old, made));
    throw new Refusal(why);
  }

  /** What goes is followed first, so that what comes finds its port and its addresses free. */
  private void write(RestoredFiles files) throws Refusal {
    try {
      files.carryOut(desk.directory());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "files could not be written: " + e);
      throw new Refusal(
          TunnelFinding.NOT_WRITTEN.of(String.join(", ", files.names()), e.toString()));
    }
    files.written().forEach(desk::admit);
    files.removed().forEach(desk::follow);
    files.written().keySet().forEach(desk::follow);
  }

  private static FilesChanged changed(
      SortedMap<String, WgQuickFile> before,
      SortedMap<String, WgQuickFile> written,
      SortedSet<String> removed,
      Set<String> merged,
      Set<Finding> findings,
      Optional<PlanStatus> plan) {
    List<FileVersion> files = new ArrayList<>();
    StringBuilder diff = new StringBuilder();
    for (String name : changedNames(written, removed)) {
      Optional<byte[]> after = Optional.ofNullable(written.get(name)).map(WgQuickFile::bytes);
      files.add(
          new FileVersion(name, after.map(History::version).orElse(""), merged.contains(name)));
      diff.append(
          FileDiff.of(name, Optional.ofNullable(before.get(name)).map(WgQuickFile::bytes), after));
    }
    return new FilesChanged(
        files, diff.toString(), findings.stream().map(FindingStatus::of).toList(), plan);
  }

  private static SortedSet<String> changedNames(
      SortedMap<String, WgQuickFile> written, Set<String> removed) {
    SortedSet<String> names = new TreeSet<>(written.keySet());
    names.addAll(removed);
    return names;
  }
}
