// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Tunnels that are followed in full, but on a machine without a kernel. */
public final class MadeUpTunnels implements AutoCloseable {
  private final Path directory;
  private final Tunnels tunnels;
  private long looked;

  /** In a directory of their own. */
  public MadeUpTunnels(Path state) throws IOException {
    directory = Files.createDirectories(state.resolve("tunnels"));
    tunnels = new StartedTunnels(state, new FakeNetwork()).history().start();
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
