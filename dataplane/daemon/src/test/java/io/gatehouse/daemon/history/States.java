// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.wgquick.WgQuickFile;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** Short ways to states of a directory. */
final class States {
  static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  private States() {}

  /** Names and texts in turn. */
  static SortedMap<String, WgQuickFile> files(String... namesAndTexts) {
    SortedMap<String, WgQuickFile> files = new TreeMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      files.put(
          namesAndTexts[i],
          WgQuickFile.parse(namesAndTexts[i], namesAndTexts[i + 1].getBytes(UTF_8)));
    }
    return files;
  }

  static ChangeOrigin because(String message) {
    return new ChangeOrigin(ChangeSource.COMMAND_LINE, "alice", message);
  }
}
