// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Somebody who types what a {@link Guide} says on one machine of the lab, as root, with the
 * product's commands on the path. The directories that guides name are this machine's own.
 */
final class Reader {
  private static final Map<String, String> OWN =
      Map.of(
          "etc-gatehouse", "/etc/gatehouse",
          "etc-wireguard", "/etc/wireguard",
          "state", "/var/lib/gatehouse");

  private final NetworkNamespace machine;
  private final String prepare;

  Reader(Lab lab, NetworkNamespace machine) {
    this.machine = machine;
    StringBuilder mounts = new StringBuilder("umask 022; cd \"$0\"; ");
    try {
      for (Map.Entry<String, String> own : OWN.entrySet()) {
        Path here =
            Files.createDirectories(
                machine.home().resolve(own.getKey()), asFileAttribute(fromString("rwx------")));
        Files.createDirectories(Path.of(own.getValue()));
        mounts.append("mount --bind ").append(here).append(' ').append(own.getValue()).append("; ");
      }
      Files.createDirectories(
          machine.home().resolve("etc-gatehouse/tunnels"),
          asFileAttribute(fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    prepare =
        mounts
            + "export HOME=\"$0\" PATH="
            + Path.of(Gatehouse.program("gatehouse")).getParent()
            + ":$PATH; ";
    // A tunnel that wg-quick has brought up is served by a process that ends with its interface.
    lab.keep(
        () ->
            type(
                "for s in /run/wireguard/*.sock; do"
                    + " [ ! -S \"$s\" ] || ip link del \"$(basename \"$s\" .sock)\"; done",
                ""));
  }

  /** Starts the data plane with nothing but its defaults, and waits until it serves. */
  void startGatehouse(Lab lab) {
    Daemon daemon =
        lab.keep(machine.start("bash", "-euc", prepare + "exec gatehouse-dataplane", home()));
    daemon.ready("the data plane serves", () -> daemon.log().contains("ready after"));
  }

  /** Where a guide's file names without a directory are. */
  Path directory() {
    return machine.home();
  }

  /** The machine's own place for a directory that a guide names. */
  Path file(String path) {
    for (Map.Entry<String, String> own : OWN.entrySet()) {
      if (path.startsWith(own.getValue() + "/")) {
        return machine.home().resolve(own.getKey() + path.substring(own.getValue().length()));
      }
    }
    throw new IllegalArgumentException(path);
  }

  /**
   * Types commands; the first that fails ends them.
   *
   * @param pasted what is there to be pasted, as standard input
   */
  Command type(String commands, String pasted) {
    // In a shell of its own, so that its words are its own as well.
    return Command.run(
        machine.inside(
            "bash", "-euc", prepare + "exec bash -euo pipefail -c \"$1\"", home(), commands),
        pasted);
  }

  private String home() {
    return machine.home().toString();
  }
}
