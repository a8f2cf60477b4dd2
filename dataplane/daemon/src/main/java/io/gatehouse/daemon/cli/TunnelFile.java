// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file that a word of the command line means.
 *
 * @param given absolute, as the word has it
 * @param path absolute, links resolved
 * @param name of the interface
 */
record TunnelFile(Path given, Path path, InterfaceName name) {
  private static final Path STOCK = Path.of("/etc/wireguard");
  private static final int OTHERS = 0007;

  /**
   * Finds it as wg-quick(8) does, after a look into our own directory.
   *
   * @param word a name, or a path that ends in {@code NAME.conf}
   */
  static TunnelFile find(String word, Path tunnels) throws Failure, IOException {
    boolean isName = InterfaceName.isLegal(word) && word.indexOf('/') < 0;
    List<Path> places =
        isName
            ? List.of(
                tunnels.resolve(word + InterfaceName.SUFFIX),
                STOCK.resolve(word + InterfaceName.SUFFIX),
                Path.of(word))
            : List.of(Path.of(word));
    for (Path place : places) {
      if (Files.exists(place) && (!isName || place.isAbsolute() || isConf(place))) {
        InterfaceName name =
            InterfaceName.ofFile(place.toString())
                .orElseThrow(
                    () ->
                        new Failure(
                            "gatehouse: The config file must be a valid interface name, followed by"
                                + " .conf",
                            "Name it after the interface: 1 to 15 letters, digits or _ = + . -"));
        return new TunnelFile(place.toAbsolutePath().normalize(), place.toRealPath(), name);
      }
    }
    throw new Failure(
        "gatehouse: `" + places.getFirst() + "' does not exist",
        isName
            ? "Looked also for " + places.get(1) + ". Give a name of one of these, or a path."
            : "Give the path of a file NAME.conf.");
  }

  private static boolean isConf(Path place) {
    return place.toString().endsWith(InterfaceName.SUFFIX);
  }

  /** Reads it. */
  WgQuickFile read() throws IOException {
    try (InputStream stream = Files.newInputStream(path)) {
      // One octet more than allowed, so that the parser sees that it is too large.
      return WgQuickFile.parse(path.toString(), stream.readNBytes(WgQuickFile.LARGEST + 1));
    }
  }

  /** Says it when every user of the machine may read or write the file, as wg-quick(8) does. */
  void warnIfOpen(PrintStream err) throws IOException {
    if ((mode(path) & mode(path.resolve("..")) & OTHERS) != 0) {
      err.println("Warning: `" + path + "' is world accessible");
    }
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path.normalize(), "unix:mode");
  }
}
