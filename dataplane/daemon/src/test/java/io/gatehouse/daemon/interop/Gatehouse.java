// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/** The data plane on a machine of the lab, with a tunnel directory of its own. */
final class Gatehouse {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path tunnels;
  private final Daemon daemon;

  private Gatehouse(Path tunnels, Daemon daemon) {
    this.tunnels = tunnels;
    this.daemon = daemon;
  }

  /**
   * Starts it as an administrator does and waits until it serves. On a machine where one ran before
   * it finds that one's directories.
   */
  static Gatehouse start(Lab lab, NetworkNamespace where) {
    return start(lab, where, Map.of());
  }

  /**
   * As above.
   *
   * @param more settings, as variables of the environment
   */
  static Gatehouse start(Lab lab, NetworkNamespace where, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("GATEHOUSE_STATE_DIRECTORY", where.home().resolve("state").toString());
    try {
      Path tunnels = Files.createDirectories(where.home().resolve("tunnels"), OWNER_ONLY_DIRECTORY);
      Daemon daemon =
          lab.keep(
              where.start(
                  settings, program("gatehouse-dataplane"), "--tunnels", tunnels.toString()));
      daemon.ready("the data plane serves", () -> daemon.log().contains("ready after"));
      return new Gatehouse(tunnels, daemon);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path of one of the product's programs. */
  static String program(String name) {
    return Lab.PROJECT.resolve("install/bin").resolve(name).toString();
  }

  Daemon daemon() {
    return daemon;
  }

  Path tunnels() {
    return tunnels;
  }

  /** Puts a file into the tunnel directory, readable by its owner alone, whole at once. */
  void drop(String file, String content) {
    try {
      Path half = Files.createTempFile(tunnels, "." + file, "", OWNER_ONLY);
      Files.writeString(half, content);
      Files.move(half, tunnels.resolve(file), ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(String file) {
    try {
      Files.delete(tunnels.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
