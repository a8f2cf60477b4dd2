// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeChunk;
import org.eclipse.jgit.merge.MergeChunk.ConflictState;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.merge.MergeResult;

/** What two people have made of the same text, line by line, as git merges. Immutable. */
public final class LineMerge {
  private static final int NEWEST = 1;

  private final byte[] merged;
  private final List<Integer> conflicts;

  private LineMerge(byte[] merged, List<Integer> conflicts) {
    this.merged = merged;
    this.conflicts = List.copyOf(conflicts);
  }

  /** A copy of the text with both changes; of no use if there are conflicts. */
  public byte[] merged() {
    return merged.clone();
  }

  /** Lines of the newest text, 1-based, from which on both have changed something. */
  public List<Integer> conflicts() {
    return conflicts;
  }

  /**
   * Merges.
   *
   * @param base what both began with
   * @param newest what one has made of it, and is there now
   * @param wanted what the other has made of it
   */
  public static LineMerge of(byte[] base, byte[] newest, byte[] wanted) {
    MergeResult<RawText> result =
        new MergeAlgorithm()
            .merge(
                RawTextComparator.DEFAULT,
                new RawText(base),
                new RawText(newest),
                new RawText(wanted));
    List<Integer> conflicts = new ArrayList<>();
    for (MergeChunk chunk : result) {
      if (chunk.getConflictState() == ConflictState.FIRST_CONFLICTING_RANGE
          && chunk.getSequenceIndex() == NEWEST) {
        conflicts.add(chunk.getBegin() + 1);
      }
    }
    ByteArrayOutputStream merged = new ByteArrayOutputStream(newest.length + wanted.length);
    try {
      new MergeFormatter()
          .formatMerge(
              merged, result, List.of("base", "newest", "wanted"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return new LineMerge(merged.toByteArray(), conflicts);
  }
}
