// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import io.gatehouse.wgquick.HiddenKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** What differs between two contents of a file, for people. Stateless. */
public final class FileDiff {
  private FileDiff() {}

  /**
   * A unified diff without secrets.
   *
   * @param name of the file
   * @param before empty if it was not there
   * @param after empty if it is not there any more
   * @return empty if nothing differs
   */
  public static String of(String name, Optional<byte[]> before, Optional<byte[]> after) {
    RawText from = new RawText(before.orElseGet(() -> new byte[0]));
    RawText to = new RawText(after.orElseGet(() -> new byte[0]));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    String head =
        "--- "
            + (before.isPresent() ? "a/" + name : "/dev/null")
            + "\n+++ "
            + (after.isPresent() ? "b/" + name : "/dev/null")
            + "\n";
    try (DiffFormatter formatter = new DiffFormatter(text)) {
      formatter.format(new HistogramDiff().diff(RawTextComparator.DEFAULT, from, to), from, to);
      formatter.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return text.size() == 0 ? "" : head + HiddenKeys.mask(text.toString(StandardCharsets.UTF_8));
  }
}
