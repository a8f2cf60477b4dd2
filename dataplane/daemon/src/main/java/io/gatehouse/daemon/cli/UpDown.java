// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.TunnelChoice;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.daemon.Settings;
import io.gatehouse.daemon.UpMark;
import io.gatehouse.daemon.tunnels.AtomicFile;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code up}, {@code down} and {@code save}: requests to the data plane for the tunnels of its
 * directory; for other files what wg-quick(8) does, each by a process of its own.
 */
final class UpDown {
  private final Commands commands;
  private final Settings settings;
  private final Streams streams;

  UpDown(Commands commands, Settings settings) {
    this.commands = commands;
    this.settings = settings;
    this.streams = commands.streams();
  }

  /** Asks something of the data plane about one of its tunnels. */
  private interface Request {
    List<FindingStatus> send(ControlClient client) throws IOException, ControlException;
  }

  /**
   * Brings a tunnel up, or finds that a process of its own must.
   *
   * @return the file for that process, which has been looked at; empty when it is done
   */
  Optional<Path> up(String word) throws Failure, IOException, ControlException, SettingsException {
    TunnelFile file = TunnelFile.find(word, settings.tunnelsDirectory());
    if (asked(file, client -> client.up(choice(file)).findings())) {
      return Optional.empty();
    }
    file.warnIfOpen(streams.err());
    if (new WgInterfaces(settings.uapiDirectory()).isServed(file.name().value())) {
      throw new Failure(
          "gatehouse: `" + file.name() + "' already exists",
          "Take it down first, or give the file another name.");
    }
    WgQuickFile document = file.read();
    if (document.config().isEmpty()) {
      for (Finding finding : document.findings()) {
        if (finding.severity() == Severity.ERROR) {
          streams.err().println("error: " + finding);
        }
      }
      throw new Failure("gatehouse: " + file.path() + " cannot be brought up", "");
    }
    return Optional.of(file.given());
  }

  /** Takes a tunnel down and waits until it is gone. */
  int down(String word) throws Failure, IOException, ControlException, SettingsException {
    TunnelFile file = TunnelFile.find(word, settings.tunnelsDirectory());
    if (asked(file, client -> client.down(choice(file)).findings())) {
      return 0;
    }
    Optional<ProcessHandle> process = UpMark.read(settings, file.name()).flatMap(UpMark::handle);
    if (process.isEmpty()) {
      boolean served = new WgInterfaces(settings.uapiDirectory()).isServed(file.name().value());
      throw served
          ? new Failure(
              "gatehouse: `" + file.name() + "' was not brought up by gatehouse up",
              "Take it down with what brought it up, such as wg-quick down.")
          : new Failure(
              "gatehouse: `" + file.name() + "' is not a WireGuard interface",
              "gatehouse show interfaces lists those that run.");
    }
    if (!process.get().destroy()) {
      throw new Failure(
          "gatehouse: the process of `" + file.name() + "' may not be ended: Permission denied",
          "Run the command as root, or as the user that brought it up.");
    }
    Duration patience = settings.hooksTimeout().multipliedBy(2).plusSeconds(15);
    try {
      process.get().onExit().get(patience.toSeconds(), TimeUnit.SECONDS);
      return 0;
    } catch (TimeoutException e) {
      throw new Failure(
          "gatehouse: `" + file.name() + "' does not end",
          "See what its process " + process.get().pid() + " is waiting for.");
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException("interrupted while the tunnel went down", e);
    }
  }

  /** Writes the state of a running tunnel into its file, changed only where it must be. */
  int save(String word) throws Failure, IOException, ControlException, SettingsException {
    TunnelFile file = TunnelFile.find(word, settings.tunnelsDirectory());
    if (asked(file, client -> client.save(choice(file)).findings())) {
      return 0;
    }
    WgInterface running;
    try {
      running = new WgInterfaces(settings.uapiDirectory()).get(file.name().value());
    } catch (UapiException e) {
      throw new Failure(
          "gatehouse: `" + file.name() + "' is not a WireGuard interface",
          e.remedy(file.name().value(), settings.uapiDirectory()));
    }
    WgQuickFile before = file.read();
    if (before.config().isEmpty()) {
      throw new Failure(
          "gatehouse: " + file.path() + " has errors, so nothing is written",
          "gatehouse check " + file.path() + " lists them.");
    }
    try {
      byte[] saved = before.saved(ConfFile.of(running, before.config().get())).bytes();
      if (!Arrays.equals(saved, before.bytes())) {
        AtomicFile.write(file.path(), saved);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw new Failure("gatehouse: " + file.path() + ": " + e.getMessage(), "");
    }
  }

  /** Whether the tunnel is the data plane's, which then was asked. */
  private boolean asked(TunnelFile file, Request request)
      throws IOException, ControlException, SettingsException {
    if (!Files.exists(commands.controlSocket())) {
      return false;
    }
    try (ControlClient client = commands.dataPlane()) {
      if (!isOf(client.status(), file)) {
        return false;
      }
      for (FindingStatus finding : request.send(client)) {
        if (!finding.severity().equals(Severity.NOTE.name())) {
          streams
              .err()
              .println(finding.severity().toLowerCase(Locale.ROOT) + ": " + finding.text());
        }
      }
      return true;
    }
  }

  private TunnelChoice choice(TunnelFile file) {
    return new TunnelChoice(file.name().value(), Optional.of(Who.because(commands, "")));
  }

  private static boolean isOf(GatewayStatus gateway, TunnelFile file) throws IOException {
    Path directory = Path.of(gateway.tunnelDirectory());
    return gateway.tunnels().stream()
            .map(TunnelStatus::file)
            .anyMatch(file.name().fileName()::equals)
        && Files.isDirectory(directory)
        && Files.isSameFile(directory, file.given().resolveSibling(""));
  }
}
