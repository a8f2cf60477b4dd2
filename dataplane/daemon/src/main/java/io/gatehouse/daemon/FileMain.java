// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.tunnels.Edit;
import io.gatehouse.daemon.tunnels.FirstStart;
import io.gatehouse.daemon.tunnels.Host;
import io.gatehouse.daemon.tunnels.Tunnels;
import io.gatehouse.daemon.uapi.UapiSockets;
import io.gatehouse.linux.Capabilities;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;

/**
 * One tunnel of one wg-quick file, without a data plane: what {@code gatehouse up FILE} leaves
 * running. It ends, and takes everything down, on SIGTERM or when its UAPI socket or its interface
 * is deleted.
 *
 * <p>Findings go to standard error. When the tunnel is up, hooks included, standard output gets one
 * line, {@link #READY}; nobody need listen after that.
 */
public final class FileMain {
  /** The line that tells the starting script to go. */
  static final String READY = "gatehouse: ready";

  private FileMain() {}

  /** Serves until it is told to stop; exit status 1 when that could not begin. */
  public static void main(String[] words) {
    Log.install();
    if (words.length != 1) {
      fail("one argument is needed: the file");
    }
    Path file = Path.of(words[0]).toAbsolutePath();
    Optional<InterfaceName> name = InterfaceName.ofFile(file.toString());
    if (name.isEmpty()) {
      fail("The config file must be a valid interface name, followed by .conf");
    }
    try {
      // What is to be said is said by its findings, once.
      Log.open(Level.OFF);
      name.ifPresent(interfaceName -> run(file, interfaceName));
    } catch (RuntimeException e) {
      fail(e.toString());
    }
  }

  private static void run(Path file, InterfaceName name) {
    try {
      Settings settings = SettingsSource.open(Map.of()).settings();
      List<String> problems = Capabilities.problems();
      if (!problems.isEmpty()) {
        throw new IOException(String.join("\n", problems));
      }
      Duration hooks = settings.hooks() ? settings.hooksTimeout() : Duration.ZERO;
      Lifetime lifetime = new Lifetime(Lifetime.USUAL_PATIENCE.plus(hooks.multipliedBy(2)));
      boolean up = serve(file, name, settings, lifetime);
      lifetime.exit(up ? 0 : 1);
    } catch (IOException | SettingsException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private static boolean serve(Path file, InterfaceName name, Settings settings, Lifetime lifetime)
      throws IOException {
    PacketPath path = PacketPath.choose(settings);
    try (UapiSockets sockets = UapiSockets.open(settings.uapiDirectory());
        Tunnels tunnels =
            Tunnels.startOne(
                new Tunnels.Options(
                    file.resolveSibling(""),
                    settings.stateDirectory().resolve("up").resolve(name.value()),
                    settings.hooks() ? Optional.of(settings.hooksTimeout()) : Optional.empty(),
                    settings.historySize(),
                    FirstStart.APPLY,
                    Version.text(),
                    Host.ofThisMachine(
                        PacketPath.offloads(settings),
                        path.options(),
                        (tunnel, changed) -> socket(sockets, tunnel, lifetime),
                        "")),
                name.fileName())) {
      Edit outcome = tunnels.outcome(name.value());
      outcome.findings().forEach(FileMain::say);
      if (outcome instanceof Edit.Refused) {
        return false;
      }
      UpMark.ofThisProcess(file).write(settings, name);
      System.out.println(READY);
      path.warmUp();
      lifetime.await();
    } finally {
      UpMark.remove(settings, name);
    }
    return true;
  }

  private static AutoCloseable socket(UapiSockets sockets, Tunnel tunnel, Lifetime lifetime)
      throws IOException {
    tunnel.ended().whenComplete((ended, failure) -> lifetime.end());
    return sockets.serve(tunnel.name(), PacketPath.steered(tunnel), lifetime::end);
  }

  private static void say(Finding finding) {
    if (finding.severity() != Finding.Severity.NOTE) {
      System.err.println(finding.severity().name().toLowerCase(Locale.ROOT) + ": " + finding);
    }
  }

  private static void fail(String message) {
    System.err.println("gatehouse: " + message);
    System.exit(1);
  }
}
