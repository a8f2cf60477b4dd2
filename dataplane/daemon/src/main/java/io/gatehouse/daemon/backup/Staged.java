// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import io.gatehouse.daemon.tunnels.AtomicFile;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A restore that is complete beside what is there, and takes its place: a file in the state
 * directory says so. Whatever ends a process meanwhile, {@link #finish} goes on where it ended, and
 * may be called again at any time. The data plane must not run meanwhile.
 */
final class Staged {
  /** Says, in the state directory, that a restore is complete and takes place. */
  static final String MARK = ".restore";

  private static final String EMPTIED = "emptied";
  private static final String CLOSED = "rwx------";
  private static final String OPEN = "rwxr-xr-x";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private Staged() {}

  /** Makes the empty stages, and removes what an earlier restore has left there. */
  static void prepare(List<Place> places) throws IOException {
    for (Place place : places) {
      // Settings are no secret, and the console reads them, too.
      makeDirectory(place.directory(), place.name().equals(Place.SETTINGS) ? OPEN : CLOSED);
      discard(place);
      makeDirectory(place.stage(), CLOSED);
      makeDirectory(place.arriving(), CLOSED);
      if (!Files.getFileStore(place.stage()).equals(Files.getFileStore(place.directory()))) {
        throw new IOException(
            place.directory()
                + " and "
                + place.stage()
                + " are in different file systems: restore what is of the console by hand");
      }
    }
  }

  /** Removes what was staged. */
  static void discard(Place place) throws IOException {
    if (!Files.exists(place.stage(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        place.stage(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** From here on the restore takes place. */
  static void complete(Path state, List<Place> places) throws IOException {
    JsonArrayBuilder all = Json.createArrayBuilder();
    for (Place place : places) {
      JsonObjectBuilder one =
          Json.createObjectBuilder()
              .add("name", place.name())
              .add("directory", place.directory().toString())
              .add("stage", place.stage().toString())
              .add("except", Json.createArrayBuilder(place.except()));
      place.only().ifPresent(only -> one.add("only", Json.createArrayBuilder(only)));
      all.add(one);
    }
    String text = Json.createObjectBuilder().add("places", all).build().toString();
    AtomicFile.write(state.resolve(MARK), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a restore waits to take place. */
  static boolean waits(Path state) {
    return Files.exists(state.resolve(MARK), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Lets a restore take place that is complete.
   *
   * @return directories with what was there before; empty if no restore waits
   */
  static List<Path> finish(Path state, Instant now) throws IOException {
    if (!waits(state)) {
      return List.of();
    }
    List<Path> replaced = new ArrayList<>();
    for (Place place : read(state.resolve(MARK))) {
      replace(place, now).ifPresent(replaced::add);
    }
    Files.delete(state.resolve(MARK));
    return replaced;
  }

  /** Each step may have been done before, in part or whole. */
  private static Optional<Path> replace(Place place, Instant now) throws IOException {
    Path stage = place.stage();
    if (!Files.isDirectory(stage)) {
      // This place was done when the process ended.
      return Optional.empty();
    }
    makeDirectory(place.replaced(), CLOSED);
    if (!Files.exists(stage.resolve(EMPTIED))) {
      for (Path entry : list(place.directory())) {
        if (place.covers(String.valueOf(entry.getFileName()))) {
          Files.move(entry, place.replaced().resolve(entry.getFileName()));
        }
      }
      AtomicFile.write(stage.resolve(EMPTIED), new byte[0]);
    }
    for (Path entry : list(place.arriving())) {
      Files.move(entry, place.directory().resolve(entry.getFileName()));
    }
    if (list(place.replaced()).isEmpty()) {
      discard(place);
      return Optional.empty();
    }
    Path kept = stage.resolveSibling(Place.REPLACED + place.name() + "-" + TIME.format(now));
    Files.move(stage, kept);
    return Optional.of(kept.resolve(place.replaced().getFileName()));
  }

  private static List<Place> read(Path mark) throws IOException {
    List<Place> places = new ArrayList<>();
    try (JsonReader reader = Json.createReader(new StringReader(Files.readString(mark)))) {
      for (JsonObject one :
          reader.readObject().getJsonArray("places").getValuesAs(JsonObject.class)) {
        places.add(
            new Place(
                one.getString("name"),
                Path.of(one.getString("directory")),
                Path.of(one.getString("stage")),
                one.containsKey("only") ? Optional.of(texts(one, "only")) : Optional.empty(),
                texts(one, "except")));
      }
    }
    return places;
  }

  private static Set<String> texts(JsonObject object, String name) {
    Set<String> texts = new TreeSet<>();
    object
        .getJsonArray(name)
        .getValuesAs(JsonString.class)
        .forEach(text -> texts.add(text.getString()));
    return texts;
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  private static void makeDirectory(Path directory, String permissions) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    }
  }
}
