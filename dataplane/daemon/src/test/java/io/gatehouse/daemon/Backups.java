// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.daemon.backup.GatewayBackup;
import io.gatehouse.daemon.backup.GatewayBackup.Directories;
import io.gatehouse.daemon.backup.OnTheWay;
import io.gatehouse.daemon.control.BackupGateway;
import io.gatehouse.daemon.tunnels.Tunnels;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executor;

/** Backups over the control socket of tunnels that are made up. */
final class Backups {
  static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  private Backups() {}

  /** Where nobody asks. */
  static BackupGateway none() {
    return (BackupGateway)
        Proxy.newProxyInstance(
            Backups.class.getClassLoader(),
            new Class<?>[] {BackupGateway.class},
            (proxy, method, words) -> {
              throw new AssertionError("nobody asks here");
            });
  }

  /**
   * Of a state directory that has its tunnels in {@code tunnels}.
   *
   * @param beginAnew what a restore ends with
   * @param later is given what is to be done when time is over
   */
  static BackupControl of(Path state, Tunnels tunnels, Runnable beginAnew, Executor later)
      throws IOException {
    return new BackupControl(
        new GatewayBackup(
            state.resolve("etc/gatehouse.properties"),
            new Directories(state.resolve("tunnels"), state),
            "1.0"),
        new BackupControl.Gateway(
            state.resolve("tunnels"),
            tunnels.files(),
            () -> tunnels.status().commit().isPresent(),
            beginAnew),
        new OnTheWay(state),
        () -> NOW,
        later);
  }
}
