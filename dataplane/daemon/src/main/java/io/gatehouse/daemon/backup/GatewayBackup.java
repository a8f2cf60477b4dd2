// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import io.gatehouse.control.Passphrase;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Backup and restore of this machine's gateway. */
public final class GatewayBackup {
  /**
   * What is read at most, in octets; a backup with a full history of the usual size is far below.
   */
  private static final long LARGEST = 1L << 30;

  private final Machine machine;
  private final String version;
  private final SettingsLook look;

  /**
   * Of a machine.
   *
   * @param version of this Gatehouse
   */
  public GatewayBackup(Machine machine, String version, SettingsLook look) {
    this.machine = machine;
    this.version = version;
    this.look = look;
  }

  /**
   * Of a running data plane, for what comes and goes over the control socket: it may not read the
   * console's state, and restores no settings.
   *
   * @param settings the settings file
   */
  public GatewayBackup(Path settings, Directories directories, String version) {
    this(new Machine(settings, directories, Optional.empty()), version, file -> directories);
  }

  /**
   * Where settings say that files and state are.
   *
   * @param tunnels {@code gatehouse.tunnels.directory}
   * @param state {@code gatehouse.state.directory}
   */
  public record Directories(Path tunnels, Path state) {}

  /**
   * Where everything is.
   *
   * @param settings the settings file, or where it would be
   * @param console directory of the console's state, if there is one that this process may read
   */
  public record Machine(Path settings, Directories directories, Optional<Path> console) {}

  /** How another settings file would be read. */
  @FunctionalInterface
  public interface SettingsLook {
    /**
     * What it says.
     *
     * @throws BackupException if it cannot be used
     */
    Directories directories(Path file) throws BackupException;
  }

  /**
   * What was staged or restored.
   *
   * @param made when the backup was made
   * @param version of the Gatehouse that made it
   * @param files how many files, directories and links came of it
   * @param unknownOwners users and groups that this machine does not have
   * @param left what is in the backup, but has no place here
   */
  public record Report(
      Instant made, String version, int files, Set<String> unknownOwners, Set<String> left) {}

  /**
   * What a backup would restore; nothing has taken the place of anything yet.
   *
   * @param made when the backup was made
   * @param version of the Gatehouse that made it
   * @param tunnels where the files of the tunnel directory are now
   * @param left what is in the backup, but is not restored
   */
  public record Arriving(Instant made, String version, Path tunnels, Set<String> left) {}

  /**
   * Writes the backup to a file, whole or not at all, for its owner alone.
   *
   * @throws BackupException if the passphrase is too short
   */
  public void write(Path file, Passphrase passphrase, Instant now)
      throws IOException, BackupException {
    write(file, Header.Keyed.fresh(passphrase), now);
  }

  /** The same with a key that is there already. */
  void write(Path file, Header.Keyed keyed, Instant now) throws IOException {
    write(file, places(machine.console()), keyed, List.of(), now);
  }

  /**
   * Writes the backup to a file that only the {@link Recipient} can read who is kept on this
   * machine. What is in the console's directory is not looked at.
   *
   * @param handed of the console's state, in the place of that
   * @return whether there is a recipient
   */
  public boolean write(Path file, List<HandedFile> handed, Instant now)
      throws IOException, BackupException {
    Optional<Recipient> recipient = Recipient.kept(machine.directories().state());
    if (recipient.isPresent()) {
      Path state = machine.directories().state();
      List<Place> without =
          places(machine.console().or(() -> Optional.of(state.resolve(Place.CONSOLE)))).stream()
              .filter(place -> !place.name().equals(Place.CONSOLE))
              .toList();
      write(file, without, recipient.get().seal(), handed, now);
    }
    return recipient.isPresent();
  }

  private void write(
      Path file, List<Place> places, Header.Keyed keyed, List<HandedFile> handed, Instant now)
      throws IOException {
    Path whole = file.toAbsolutePath();
    Path half =
        Files.createTempFile(
            whole.getParent(),
            "." + whole.getFileName() + ".gatehouse-",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
      Backup.write(places, handed, keyed, version, now, out);
      out.flush();
      channel.force(true);
      Files.move(half, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(half);
    }
  }

  /**
   * Reads a backup to its end and puts its content beside what is here; {@link #finish} lets it
   * take its place. Ends a restore first that was cut off.
   *
   * @param root whether this process can give files to their owners
   * @throws BackupException if it cannot be used; then nothing has changed
   * @throws IOException if it cannot be read, or nothing written; then nothing has changed either
   */
  public Report stage(Path file, Passphrase passphrase, boolean root)
      throws IOException, BackupException {
    // What an earlier one has begun is ended first, so that nothing of it can mix with this.
    Staged.finish(machine.directories().state(), Instant.now());
    List<Place> here = places(machine.console());
    return read(
        file,
        passphrase,
        here,
        root ? ArchiveReader.Trust.WITH_OWNERS : ArchiveReader.Trust.WITHOUT_OWNERS,
        report -> {
          checkSettings(here);
          Staged.complete(machine.directories().state(), here);
          return report;
        });
  }

  /**
   * Reads a backup that came over the control socket to its end, and puts beside what is here what
   * the socket may restore of it: tunnels and state, but neither settings nor the console's state.
   * The data plane may run. {@link #begin} lets it take its place at the next start, {@link
   * #discard} takes it away.
   *
   * @throws BackupException if it cannot be used; then nothing has changed
   * @throws IOException if it cannot be read, or nothing written; then nothing has changed either
   */
  public Arriving look(Path file, Passphrase passphrase) throws IOException, BackupException {
    List<Place> here = overTheSocket();
    return read(
        file,
        passphrase,
        here,
        ArchiveReader.Trust.NONE,
        report ->
            new Arriving(
                report.made(), report.version(), here.getFirst().arriving(), report.left()));
  }

  /** Lets what {@link #look} has put there take its place when the data plane starts again. */
  public void begin() throws IOException {
    Staged.complete(machine.directories().state(), overTheSocket());
  }

  /** Takes away what {@link #look} has put there. */
  public void discard() throws IOException {
    for (Place place : overTheSocket()) {
      Staged.discard(place);
    }
  }

  /** What is done with a backup that was read to its end. */
  private interface Then<T> {
    T done(Report report) throws IOException, BackupException;
  }

  private static <T> T read(
      Path file, Passphrase passphrase, List<Place> here, ArchiveReader.Trust trust, Then<T> then)
      throws IOException, BackupException {
    if (Files.size(file) > LARGEST) {
      throw new BackupException(file + " is larger than any backup. Take another file.");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Backup.Opened opened = Backup.open(in, passphrase);
      Staged.prepare(here);
      try {
        Map<String, Place> byName = new TreeMap<>();
        here.forEach(place -> byName.put(place.name(), place));
        ArchiveReader reader = new ArchiveReader(opened.entries(), byName, trust);
        int files = reader.readAll();
        return then.done(
            new Report(
                opened.manifest().made(),
                opened.manifest().version(),
                files,
                reader.unknownOwners(),
                reader.left()));
      } catch (IOException | BackupException | RuntimeException e) {
        for (Place place : here) {
          Staged.discard(place);
        }
        throw e;
      }
    } catch (SealedInput.DamagedException e) {
      throw new BackupException(e.getMessage() + ". Nothing was changed; take another copy.");
    }
  }

  /**
   * Lets a restore take place that was staged; the data plane must not run. Does nothing if there
   * is none. After it the settings may be others.
   *
   * @param state the state directory
   * @return directories with what was there before
   */
  public static List<Path> finish(Path state, Instant now) throws IOException {
    return Staged.finish(state, now);
  }

  /** Whether a staged restore has not taken place, or not all of it. */
  public static boolean waits(Path state) {
    return Staged.waits(state);
  }

  /** With the settings of the backup, everything must be where this machine looks for it. */
  private void checkSettings(List<Place> places) throws BackupException {
    Optional<Place> settings =
        places.stream().filter(place -> place.name().equals(Place.SETTINGS)).findFirst();
    if (settings.isEmpty()) {
      return;
    }
    Place place = settings.get();
    Path arriving = place.arriving().resolve(place.here(Place.SETTINGS_FILE));
    if (!Files.exists(arriving)) {
      return;
    }
    Directories then = look.directories(arriving);
    if (!then.equals(machine.directories())) {
      throw new BackupException(
          "the backup is of a gateway with gatehouse.tunnels.directory="
              + then.tunnels()
              + " and gatehouse.state.directory="
              + then.state()
              + ". Write these two lines into "
              + machine.settings()
              + " and restore again; nothing was changed.");
    }
  }

  private List<Place> overTheSocket() {
    return Place.overTheSocket(machine.directories().tunnels(), machine.directories().state());
  }

  private List<Place> places(Optional<Path> console) {
    Directories directories = machine.directories();
    return Place.all(directories.tunnels(), directories.state(), machine.settings(), console);
  }
}
