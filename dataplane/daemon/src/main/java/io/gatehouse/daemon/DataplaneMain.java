// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.daemon.backup.GatewayBackup;
import io.gatehouse.daemon.control.ControlServer;
import io.gatehouse.daemon.simulate.Simulation;
import io.gatehouse.daemon.snmp.SnmpOptions;
import io.gatehouse.daemon.tunnels.Host;
import io.gatehouse.daemon.tunnels.TunnelAttachment;
import io.gatehouse.daemon.tunnels.Tunnels;
import io.gatehouse.daemon.uapi.UapiSockets;
import io.gatehouse.linux.Capabilities;
import io.gatehouse.linux.ServiceManager;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code gatehouse-dataplane}: the data plane in the foreground, until SIGTERM or SIGINT takes its
 * tunnels down.
 */
public final class DataplaneMain {
  private static final Logger LOG = Log.of(DataplaneMain.class);

  /** Flags that take a value, and the settings they override. */
  private static final Map<String, String> FLAGS =
      Map.of(
          "--simulate", Simulation.DIRECTORY,
          "--seed", Simulation.SEED,
          "--tunnels", "gatehouse.tunnels.directory",
          "--state", "gatehouse.state.directory",
          "--socket", "gatehouse.control.socket",
          "--group", "gatehouse.control.group",
          "--snmp", "gatehouse.snmp.address",
          "--config", SettingsSource.FILE,
          "--log", "gatehouse.log.level");

  private static final Set<String> NO_PATHS = Set.of("--group", "--snmp", "--log", "--seed");

  /** What sysexits.h calls EX_CONFIG; the unit does not start again after it. */
  private static final int BAD_SETTINGS = 78;

  private static final String USAGE =
      """
      gatehouse-dataplane [options]

        --tunnels DIR     where wg-quick files are dropped      (/etc/gatehouse/tunnels)
        --state DIR       what outlives a restart               (/var/lib/gatehouse)
        --socket FILE     control socket                        (/run/gatehouse/control.sock)
        --group NAME      group that may use the control socket (none)
        --snmp ADDR:PORT  where SNMP answers once it has a user (127.0.0.1:1161)
        --config FILE     settings                              (/etc/gatehouse/gatehouse.properties)
        --log LEVEL       SEVERE, WARNING, INFO, FINE or FINER  (INFO)
        --simulate DIR    nothing of this machine: peers and kernel are played, all files are in DIR
        --seed N          which peers are played                (1)
        --version, --help

      Flags override the settings; etc/gatehouse.properties lists them all.
      """;

  private DataplaneMain() {}

  /**
   * Serves until it is told to stop; exit status 1 when that could not begin, or 78 where trying
   * again is in vain before somebody has changed the settings.
   */
  public static void main(String[] words) {
    if (List.of(words).contains("--help") || List.of(words).contains("-h")) {
      System.out.print(USAGE);
      return;
    }
    if (List.of(words).equals(List.of("--version"))) {
      System.out.println("gatehouse-dataplane " + Version.text());
      return;
    }
    try {
      run(flags(words));
    } catch (SettingsException e) {
      System.err.println("gatehouse-dataplane: " + e.getMessage());
      System.exit(BAD_SETTINGS);
    } catch (IOException e) {
      System.err.println("gatehouse-dataplane: " + e.getMessage());
      System.exit(1);
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "the data plane failed", e);
      System.exit(1);
    }
  }

  static Map<String, String> flags(String[] words) throws SettingsException {
    Map<String, String> flags = new HashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      String property = FLAGS.get(words[i]);
      if (property == null) {
        throw new SettingsException("unknown option \"" + words[i] + "\" (try --help)");
      }
      if (i + 1 == words.length) {
        throw new SettingsException(words[i] + " needs a value (try --help)");
      }
      boolean path = !NO_PATHS.contains(words[i]);
      flags.put(property, path ? Path.of(words[i + 1]).toAbsolutePath().toString() : words[i + 1]);
    }
    return flags;
  }

  /** Reads the settings with what the command line says. */
  @FunctionalInterface
  private interface Reader {
    SettingsSource read(Map<String, String> flags) throws SettingsException;
  }

  private static void run(Map<String, String> given) throws IOException, SettingsException {
    Optional<Simulation> simulation = Simulation.of(given);
    Map<String, String> flags = simulation.isEmpty() ? given : simulation.get().settings(given);
    Reader reader = simulation.isEmpty() ? SettingsSource::open : SettingsSource::alone;
    SettingsSource source = afterRestore(flags, reader);
    Settings settings = source.settings();
    Log.open(settings.logLevel());
    simulation.ifPresent(
        played -> LOG.info("a simulation: kernel and peers are played; " + played.settingsFile()));
    List<String> problems = simulation.isPresent() ? List.of() : Capabilities.problems();
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems));
    }
    makeDirectory(settings.tunnelsDirectory());
    makeDirectory(settings.stateDirectory());
    // At the end PreDown and PostDown run, those of all tunnels at a time.
    Duration hooks = settings.hooks() ? settings.hooksTimeout() : Duration.ZERO;
    Lifetime lifetime = new Lifetime(Lifetime.USUAL_PATIENCE.plus(hooks.multipliedBy(2)));
    PacketPath path = PacketPath.choose(settings);
    ServiceManager manager = ServiceManager.of(System.getenv());
    Lasting lasting =
        new Lasting(simulation, reader, flags, source, settings, path, manager, lifetime);
    lasting.serve();
    while (!lifetime.hasEnded()) {
      afterRestore(flags, reader);
      lasting.serve();
    }
    lifetime.exit(0);
  }

  /** What lasts from one beginning to the next, when a restore wants one. */
  private record Lasting(
      Optional<Simulation> simulation,
      Reader reader,
      Map<String, String> flags,
      SettingsSource source,
      Settings settings,
      PacketPath path,
      ServiceManager manager,
      Lifetime lifetime) {
    /** Until it is the end, or something wants a new beginning. */
    // The control server and what follows settings are only there to be closed in their turn.
    @SuppressWarnings("try")
    void serve() throws IOException, SettingsException {
      UapiSockets sockets = UapiSockets.open(settings.uapiDirectory());
      TunnelAttachment attachment =
          (tunnel, changed) -> new LastingUapiSocket(sockets, tunnel, changed);
      Host host =
          simulation
              .map(played -> played.host(path.options().aead(), attachment))
              .orElseGet(
                  () ->
                      Host.ofThisMachine(
                          PacketPath.offloads(settings),
                          path.options(),
                          attachment,
                          settings.controlGroup()));
      try (sockets;
          Tunnels tunnels =
              Tunnels.start(
                  new Tunnels.Options(
                      settings.tunnelsDirectory(),
                      settings.stateDirectory(),
                      settings.hooks() ? Optional.of(settings.hooksTimeout()) : Optional.empty(),
                      settings.historySize(),
                      settings.tunnelsFirst(),
                      Version.text(),
                      host));
          Monitoring monitoring = Monitoring.start(settings, tunnels, hostName());
          SnmpDoor snmp =
              SnmpDoor.open(
                  new SnmpOptions(
                      settings.snmpAddress(),
                      settings.stateDirectory(),
                      hostName(),
                      settings.snmpRoot(),
                      settings.snmpV2cSources()),
                  tunnels::status,
                  monitoring::heldBack);
          Closeable snmpSettings =
              snmp.follow(settings, source.file(), () -> reader.read(flags).settings());
          ControlServer control =
              ControlServer.start(
                  settings.controlSocket(),
                  settings.controlGroup(),
                  new RunningGateway(
                      tunnels,
                      host::routing,
                      new SnmpControl(snmp, monitoring::test),
                      new MonitoringControl(
                          snmp, MonitoringControl.Doors.of(settings), monitoring::heldBack),
                      BackupControl.of(source.file(), settings, tunnels, lifetime::beginAnew),
                      new ExportLog(settings.stateDirectory(), InstantSource.system()),
                      settings.controlExport()));
          Closeable peers =
              simulation.isPresent() ? simulation.get().begin(path.options().aead()) : () -> {}) {
        monitoring.add(snmp);
        LOG.info(
            "ready after "
                + ManagementFactory.getRuntimeMXBean().getUptime()
                + " ms: tunnels in "
                + settings.tunnelsDirectory()
                + ", control socket "
                + settings.controlSocket());
        manager.ready();
        Heartbeat.start(manager, tunnels::awaitTurn);
        if (simulation.isEmpty()) {
          path.warmUp();
        }
        lifetime.await();
        if (lifetime.hasEnded()) {
          manager.stopping();
        }
        LOG.info("stopping: taking the tunnels down");
      }
      LOG.info("stopped");
    }
  }

  /**
   * A restore that was cut off is ended before anything is read; it may bring other settings. Where
   * this process may not do that, it does not start with half of it.
   */
  private static SettingsSource afterRestore(Map<String, String> flags, Reader reader)
      throws IOException, SettingsException {
    SettingsSource source = reader.read(flags);
    Path state = source.settings().stateDirectory();
    if (!GatewayBackup.waits(state)) {
      return source;
    }
    try {
      for (Path before : GatewayBackup.finish(state, Instant.now())) {
        LOG.info("restored from a backup; what was there before is in " + before);
      }
    } catch (IOException e) {
      throw new IOException(
          "a restore was cut off and cannot be ended here ("
              + e
              + "): run gatehouse restore again as root",
          e);
    }
    return reader.read(flags);
  }

  /** Private keys lie in both directories, so a new one is for its owner alone. */
  private static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "gatehouse";
    }
  }
}
