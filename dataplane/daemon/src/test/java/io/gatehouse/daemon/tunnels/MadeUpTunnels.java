// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.history.History;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;

/** Tunnels that are followed in full, but on a machine without a kernel. */
public final class MadeUpTunnels implements AutoCloseable {
  private final Path directory;
  private final Tunnels tunnels;
  private long looked;

  /** In a directory of their own. */
  public MadeUpTunnels(Path state) throws IOException {
    directory = Files.createDirectories(state.resolve("tunnels"));
    InstantSource clock = InstantSource.system();
    tunnels =
        new Tunnels(
            directory,
            PeerNumbers.read(state.resolve("numbers")),
            LastKnown.read(state.resolve("last-known")),
            QuotaUsage.read(state.resolve("quota-usage"), Clock.systemUTC()),
            HeldDown.read(state.resolve("held-down")),
            Optional.of(
                new Taken(
                    directory,
                    new History(state.resolve("history"), 64 << 20),
                    ConfirmedCommit.read(state.resolve("commit"), clock, System::nanoTime),
                    clock)),
            Optional.empty(),
            Optional.empty(),
            "1.0",
            new FakeNetwork(),
            InetAddress::ofLiteral,
            () -> {});
  }

  /** What follows the directory, when it is told to look. */
  public Tunnels tunnels() {
    return tunnels;
  }

  /** Puts a file there as an administrator would, and lets it be taken. */
  public void drop(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    for (int i = 0; i < 2; i++) {
      looked += TunnelDirectory.SETTLE_NANOS;
      tunnels.onControlThread(() -> tunnels.look(looked));
    }
  }

  @Override
  public void close() {
    tunnels.close();
  }
}
