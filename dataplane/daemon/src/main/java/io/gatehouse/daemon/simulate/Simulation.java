// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.daemon.datapath.Workers;
import io.gatehouse.daemon.tunnels.AtomicFile;
import io.gatehouse.daemon.tunnels.Host;
import io.gatehouse.daemon.tunnels.TunnelAttachment;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.Aead;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A simulation in a directory of its own: everything that a gateway has stands below it, and
 * nothing outside is touched. A new one gets its settings, tunnels and an SNMP user; one that is
 * there goes on with what somebody has made of it.
 */
public final class Simulation {
  /** How {@link #of} finds the directory among the flags. */
  public static final String DIRECTORY = "simulate.directory";

  /** How {@link #of} finds the seed among the flags. */
  public static final String SEED = "simulate.seed";

  private static final long USUAL_SEED = 1;

  private static final String SNMP_USERS =
      """
      # Everybody knows these passphrases: they protect nothing but a simulation.
      createUser simulation SHA-256 "simulated-auth" AES "simulated-priv"
      """;

  private final Path directory;
  private final Scenario scenario;

  private Simulation(Path directory, Scenario scenario) {
    this.directory = directory;
    this.scenario = scenario;
  }

  /**
   * Opens the simulation of a directory, which is made if it is not there.
   *
   * @param directory absolute
   * @param seed which keys and habits the peers have; empty for that of before, or the usual one
   * @throws IOException if the directory cannot be written or is that of another seed
   */
  public static Simulation in(Path directory, OptionalLong seed) throws IOException {
    Path note = directory.resolve("seed");
    boolean isNew = !Files.exists(note);
    long used;
    if (isNew) {
      used = seed.orElse(USUAL_SEED);
    } else {
      try {
        used = Long.parseLong(Files.readString(note).strip());
      } catch (NumberFormatException e) {
        throw new IOException(
            note + " is no number: remove the directory to begin anew, or give another one", e);
      }
      if (used != seed.orElse(used)) {
        throw new IOException(
            "the simulation in "
                + directory
                + " has the seed "
                + used
                + ": remove the directory to begin anew, or give another one");
      }
    }
    Simulation simulation = new Simulation(directory, Scenario.of(used));
    if (isNew) {
      simulation.write(note, used);
    }
    return simulation;
  }

  private void write(Path note, long seed) throws IOException {
    Files.createDirectories(
        tunnels(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (isEmpty(tunnels())) {
      for (Map.Entry<String, String> file : scenario.files().entrySet()) {
        put(tunnels().resolve(file.getKey()), file.getValue());
      }
    }
    put(users(), SNMP_USERS);
    StringBuilder settings =
        new StringBuilder(
            "# The settings of a simulation; docs/settings.md lists all there are.\n");
    places().forEach((name, value) -> settings.append(name + " = " + value + "\n"));
    settings.append("gatehouse.snmp.users = " + users() + "\n");
    settings.append("gatehouse.metrics.address = 127.0.0.1:9586\n");
    settings.append("gatehouse.events.log = true\n");
    put(settingsFile(), settings.toString());
    // The last, so that what was cut off is begun again.
    put(note, seed + "\n");
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  private static void put(Path file, String text) throws IOException {
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Where the settings stand, for a command line that is to speak to the simulation. */
  public Path settingsFile() {
    return directory.resolve("gatehouse.properties");
  }

  /**
   * The settings of the data plane: what the command line says, but everything in the directory.
   *
   * @param flags of the command line, by property
   * @throws IOException if one of them would lead out of the directory
   */
  public Map<String, String> settings(Map<String, String> flags) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>(flags);
    for (Map.Entry<String, String> place : places().entrySet()) {
      if (flags.containsKey(place.getKey())) {
        throw new IOException(
            "a simulation keeps everything in "
                + directory
                + ": leave "
                + place.getKey()
                + " (\""
                + flags.get(place.getKey())
                + "\") out");
      }
    }
    settings.putAll(places());
    // They would run on the machine itself.
    settings.put("gatehouse.hooks", "false");
    settings.put("gatehouse.config", settingsFile().toString());
    return settings;
  }

  private Map<String, String> places() {
    Map<String, String> places = new LinkedHashMap<>();
    places.put("gatehouse.tunnels.directory", tunnels().toString());
    places.put("gatehouse.state.directory", directory.resolve("state").toString());
    places.put("gatehouse.control.socket", directory.resolve("control.sock").toString());
    places.put("gatehouse.uapi.directory", directory.resolve("wireguard").toString());
    return places;
  }

  private Path tunnels() {
    return directory.resolve("tunnels");
  }

  private Path users() {
    return directory.resolve("snmp-users");
  }

  /**
   * The machine that is played, without tunnels.
   *
   * @param aead makes cipher engines
   * @param attachment what comes and goes with each tunnel
   */
  public Host host(Supplier<Aead> aead, TunnelAttachment attachment) {
    return new SimulatedHost(
        new TunnelOptions(UdpSocket.Options.LOOPBACK, aead, 1, Workers.none()), attachment);
  }

  /**
   * Lets the peers begin.
   *
   * @param aead makes their cipher engine
   * @return to be closed at the end
   */
  public Closeable begin(Supplier<Aead> aead) throws IOException {
    return SyntheticPeers.start(scenario.roles(), aead.get());
  }

  /**
   * The simulation that the command line asks for, if it does.
   *
   * @param flags by property, with {@link #DIRECTORY} and {@link #SEED}
   * @throws IOException as for {@link #in}
   */
  public static Optional<Simulation> of(Map<String, String> flags) throws IOException {
    String directory = flags.get(DIRECTORY);
    if (directory == null) {
      if (flags.containsKey(SEED)) {
        throw new IOException("--seed is only for --simulate");
      }
      return Optional.empty();
    }
    String seed = flags.get(SEED);
    try {
      return Optional.of(
          in(
              Path.of(directory),
              seed == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(seed))));
    } catch (NumberFormatException e) {
      throw new IOException("--seed \"" + seed + "\" is no whole number", e);
    }
  }
}
