// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files under {@code src/test/resources/dialects}: wg-quick files as programs and people write
 * them, a directory for each dialect. All made up for these tests, keys included.
 */
final class Dialects {
  static final PublicKey ALICE = PublicKey.parse("fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=");
  static final PublicKey BOB = PublicKey.parse("gbY32PzSxtpjWeaWMROhFw3nleS3JbhNHgtM/Z7FjOk=");
  static final PublicKey CAROL = PublicKey.parse("TCbZB0wn2J7eWScMCsFLceBxsVI5UZ91R0svO6Y0gfU=");

  private static final Path DIRECTORY = Path.of("src/test/resources/dialects");
  private static final Map<String, Path> FILES = files();

  private Dialects() {}

  /** All of them, as {@code DIALECT/FILE}. */
  static List<String> names() {
    return List.copyOf(FILES.keySet());
  }

  /** One of them, as {@code DIALECT/FILE}, or {@code FILE} alone. */
  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(path(name, ".conf"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What must be read from one, see {@link Listing}. */
  static String expected(String name) {
    try {
      return Files.readString(path(name, ".expected"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WgQuickFile file(String name) {
    return WgQuickFile.parse("wg0.conf", bytes(name));
  }

  private static Path path(String name, String suffix) {
    Path path =
        FILES.entrySet().stream()
            .filter(file -> file.getKey().equals(name) || file.getKey().endsWith("/" + name))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    return path.resolveSibling(path.getFileName().toString().replace(".conf", suffix));
  }

  private static Map<String, Path> files() {
    Map<String, Path> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      files
          .filter(file -> file.toString().endsWith(".conf"))
          .forEach(
              file -> found.put(DIRECTORY.relativize(file).toString().replace(".conf", ""), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
