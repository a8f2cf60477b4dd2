// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.FileState;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.HostFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * What somebody who edits files needs of the tunnels that follow them. Control thread, but for
 * {@link #ask}.
 */
interface Desk {
  /** Something that may be refused. */
  interface Task<T> {
    T run() throws Refusal;
  }

  /** Looks at something on the control thread. */
  <T> T look(Supplier<T> task);

  /** Does something on the control thread. */
  <T> T ask(Task<T> task) throws Refusal;

  Path directory();

  /** The names of all files that are followed. */
  List<String> names();

  /** A file as it is now, settled or not; empty if it is not there. */
  Optional<DroppedFile> read(String name);

  /** Those files that can be read, as they are followed. */
  SortedMap<String, WgQuickFile> documents();

  Optional<FileTunnel> tunnel(String name);

  FileState state(String name);

  /** What is to be said about a file as it is followed. */
  List<Finding> findings(String name);

  /** What is known of the machine, for the checks. */
  HostFacts machine();

  /**
   * What is about to be written at the word of an administrator, who need not approve it besides.
   * But a file that waits for approval goes on waiting, and one that is held back must be put
   * right.
   */
  void admit(String name, WgQuickFile document);

  /** Whether the tunnel runs what is wanted of it, or will as soon as it may. */
  boolean takes(String name, TunnelConfig wanted);

  /** Takes a file as it is now, because it was just written or removed. */
  void follow(String name);

  /**
   * What would be done to the tunnels.
   *
   * @param written files as they would be, by name
   * @param removed files that would be gone
   */
  PlanStatus plan(SortedMap<String, WgQuickFile> written, Set<String> removed);

  /** What somebody else has made of files, and was not taken yet, is a state before. */
  void found(SortedMap<String, WgQuickFile> documents);

  /**
   * What was taken is a state now.
   *
   * @param done says what it was where the origin does not say why
   */
  void record(ChangeOrigin origin, String done);
}
