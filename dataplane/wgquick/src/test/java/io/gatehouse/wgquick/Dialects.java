// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files under {@code src/test/resources/dialects}: one per way of writing wg-quick files. */
final class Dialects {
  static final PublicKey ALICE = PublicKey.parse("fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=");
  static final PublicKey BOB = PublicKey.parse("gbY32PzSxtpjWeaWMROhFw3nleS3JbhNHgtM/Z7FjOk=");
  static final PublicKey CAROL = PublicKey.parse("TCbZB0wn2J7eWScMCsFLceBxsVI5UZ91R0svO6Y0gfU=");

  private static final Path DIRECTORY = Path.of("src/test/resources/dialects");

  private Dialects() {}

  static List<String> names() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.map(f -> f.getFileName().toString().replace(".conf", "")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(DIRECTORY.resolve(name + ".conf"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WgQuickFile file(String name) {
    return WgQuickFile.parse("wg0.conf", bytes(name));
  }
}
