// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code wg-quick strip | wg setconf} makes of files, many at a time: one shell goes through
 * all of them, since starting programs takes the time.
 */
final class StockTools {
  private static final String SCRIPT =
      """
      cd "$1"
      for file in */wg0.conf; do
        at=${file%/*}
        wg-quick strip "./$file" >"$at/stripped" 2>"$at/errors" || continue
        : >"$at/is-stripped"
        wg setconf "$2" "$at/stripped" 2>>"$at/errors" || continue
        wg showconf "$2" >"$at/showconf"
      done
      """;

  /**
   * What came of one file.
   *
   * @param stripped what wg-quick hands to wg, empty if it refuses the file
   * @param showconf what the interface has then, empty if one of the two refuses the file
   * @param errors what they said
   */
  record Outcome(Optional<byte[]> stripped, Optional<byte[]> showconf, String errors) {}

  private StockTools() {}

  /** The outcomes of files, in their order. */
  static List<Outcome> read(ScratchInterface scratch, Path directory, List<byte[]> files)
      throws IOException, InterruptedException {
    Path script = Files.writeString(directory.resolve("read-all"), SCRIPT);
    List<Path> places = new ArrayList<>();
    for (byte[] file : files) {
      Path place = Files.createDirectory(directory.resolve("%05d".formatted(places.size())));
      Files.write(place.resolve("wg0.conf"), file);
      places.add(place);
    }
    int status =
        scratch.runInside(List.of("bash", script.toString(), directory.toString(), scratch.name()));
    if (status != 0) {
      throw new AssertionError("the shell ended with " + status);
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Path place : places) {
      outcomes.add(
          new Outcome(
              Files.exists(place.resolve("is-stripped"))
                  ? Optional.of(Files.readAllBytes(place.resolve("stripped")))
                  : Optional.empty(),
              Files.exists(place.resolve("showconf"))
                  ? Optional.of(Files.readAllBytes(place.resolve("showconf")))
                  : Optional.empty(),
              Files.readString(place.resolve("errors"), StandardCharsets.ISO_8859_1)));
    }
    return outcomes;
  }
}
