// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Openresolv on machines of the lab, as Debian has it. It is laid over the file system inside the
 * lab's own mount namespaces, with an {@code /etc/resolv.conf} of the lab, so that the machine that
 * runs the tests keeps its name servers.
 */
final class Openresolv {
  private static final Path OPENRESOLV = Path.of("/var/cache/gatehouse-test/openresolv");
  private static final Path RUN = Path.of("/run/resolvconf");

  /** Words: home of the machine, then the command. */
  private static final String WITH_OPENRESOLV =
      """
      set -e
      mount -t overlay overlay -o lowerdir=%1$s/lib:/usr/lib /usr/lib
      mount -t overlay overlay -o lowerdir=%1$s/sbin:/usr/sbin /usr/sbin
      mount --bind "$0/resolvconf" /run/resolvconf
      mount --bind "$0/resolv.conf" /etc/resolv.conf
      exec "$@"
      """
          .formatted(OPENRESOLV);

  private Openresolv() {}

  /**
   * Prepares machines for it. Its directory below {@code /run} stays, empty: who removed it would
   * take it from under the machines of a test that runs at the same time.
   */
  static void prepare(NetworkNamespace... machines) throws IOException {
    assertThat(OPENRESOLV.resolve("sbin/resolvconf"))
        .as("install/test brings openresolv, without installing it")
        .isExecutable();
    Files.createDirectories(RUN);
    for (NetworkNamespace machine : machines) {
      Files.createDirectories(machine.home().resolve("resolvconf"));
      Files.writeString(machine.home().resolve("resolv.conf"), "nameserver 192.0.2.1\n");
    }
  }

  /** A command line that has it. */
  static String[] with(NetworkNamespace machine, String... words) {
    List<String> all =
        new ArrayList<>(List.of("sh", "-c", WITH_OPENRESOLV, machine.home().toString()));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  static String resolvConf(NetworkNamespace machine) {
    try {
      return Files.readString(machine.home().resolve("resolv.conf"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it keeps of each interface. */
  static Map<String, String> records(NetworkNamespace machine) {
    Path directory = machine.home().resolve("resolvconf/interfaces");
    if (!Files.isDirectory(directory)) {
      return Map.of();
    }
    Map<String, String> records = new TreeMap<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        records.put(file.getFileName().toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records;
  }
}
