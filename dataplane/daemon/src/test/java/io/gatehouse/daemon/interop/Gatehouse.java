// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
    return start(lab, where, more, List.of());
  }

  /** Where the directory of tunnels cannot be written, as a ConfigMap that is mounted. */
  static Gatehouse startReadOnly(Lab lab, NetworkNamespace where) {
    String mount = "mount --bind $0 $0 && mount -o remount,ro,bind $0 && exec \"$@\"";
    String tunnels = where.home().resolve("tunnels").toString();
    return start(lab, where, Map.of(), List.of("sh", "-c", mount, tunnels));
  }

  private static Gatehouse start(
      Lab lab, NetworkNamespace where, Map<String, String> more, List<String> by) {
    Map<String, String> settings = new HashMap<>(more);
    // Seconds of both processors for each start; a test that is about speed asks for it.
    settings.putIfAbsent("GATEHOUSE_REHEARSAL", "false");
    settings.put("GATEHOUSE_STATE_DIRECTORY", where.home().resolve("state").toString());
    try {
      Path tunnels = Files.createDirectories(where.home().resolve("tunnels"), OWNER_ONLY_DIRECTORY);
      List<String> words = new ArrayList<>(by);
      words.addAll(List.of(program("gatehouse-dataplane"), "--tunnels", tunnels.toString()));
      Daemon daemon = lab.keep(where.start(settings, words.toArray(String[]::new)));
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

  /** What its command line answers. */
  String command(NetworkNamespace where, String... words) {
    List<String> all = new ArrayList<>();
    all.add(program("gatehouse"));
    all.addAll(List.of(words));
    return where.run(all.toArray(String[]::new));
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
