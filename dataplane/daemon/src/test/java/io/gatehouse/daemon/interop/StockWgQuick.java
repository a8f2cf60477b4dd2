// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The stock wg-quick on one machine, made to start {@code gatehouse-tunnel} for its tunnels. */
final class StockWgQuick {
  private final NetworkNamespace where;
  private final Path tools;

  private StockWgQuick(NetworkNamespace where, Path tools) {
    this.where = where;
    this.tools = tools;
  }

  /**
   * A copy of wg-quick beside an {@code ip} that knows no kernel WireGuard: it asks for a userspace
   * implementation only then, and puts its own folder first on the path.
   */
  static StockWgQuick on(NetworkNamespace where) throws IOException {
    Path tools = Files.createDirectory(where.home().resolve("tools"));
    Files.copy(
        Path.of("/usr/bin/wg-quick"),
        tools.resolve("wg-quick"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    String ip = Command.run(List.of("sh", "-c", "command -v ip")).succeeded().strip();
    Path shim =
        Files.writeString(
            tools.resolve("ip"),
            """
            #!/bin/sh
            case "$*" in "link add"*"type wireguard") echo "Not supported" >&2; exit 2 ;; esac
            exec %s "$@"
            """
                .formatted(ip));
    Files.setPosixFilePermissions(shim, PosixFilePermissions.fromString("rwxr-xr-x"));
    // Called by its name, through a link on the path.
    Files.createSymbolicLink(
        tools.resolve("gatehouse-tunnel"), Path.of(Gatehouse.program("gatehouse-tunnel")));
    return new StockWgQuick(where, tools);
  }

  /** Runs it; an empty /sys/module, seen by this command alone, hides a loaded kernel module. */
  void run(String action, String file) {
    where.run(
        "sh",
        "-c",
        "mount -t tmpfs none /sys/module && PATH=\"$0:$PATH\""
            + " WG_QUICK_USERSPACE_IMPLEMENTATION=gatehouse-tunnel exec \"$0/wg-quick\" \"$1\" \"$2\"",
        tools.toString(),
        action,
        file);
  }
}
