// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.BackupMade;
import io.gatehouse.control.BackupPart;
import io.gatehouse.control.BackupRead;
import io.gatehouse.control.BackupRequest;
import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ConsoleFile;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Passphrase;
import io.gatehouse.control.RestoreBegun;
import io.gatehouse.control.RestorePart;
import io.gatehouse.control.RestorePreview;
import io.gatehouse.control.RestoreQuestion;
import io.gatehouse.control.RestoreReceived;
import io.gatehouse.control.RestoredFile;
import io.gatehouse.control.RestoredFile.Change;
import io.gatehouse.daemon.backup.BackupException;
import io.gatehouse.daemon.backup.GatewayBackup;
import io.gatehouse.daemon.backup.GatewayBackup.Arriving;
import io.gatehouse.daemon.backup.GatewayBackup.Directories;
import io.gatehouse.daemon.backup.HandedFile;
import io.gatehouse.daemon.backup.OnTheWay;
import io.gatehouse.daemon.backup.SealedPassphrase;
import io.gatehouse.daemon.control.BackupGateway;
import io.gatehouse.daemon.control.Caller;
import io.gatehouse.daemon.tunnels.TunnelFiles;
import io.gatehouse.daemon.tunnels.Tunnels;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Backups over the control socket. Whoever makes one cannot read it; whoever restores one knows its
 * passphrase, and can do by it what can be done over the socket anyway: neither lines that are run
 * nor settings come with it. One is made and one is restored at a time. Thread-safe.
 */
final class BackupControl implements BackupGateway {
  private static final Logger LOG = Logger.getLogger(BackupControl.class.getName());
  private static final Pattern CONSOLE_FILE = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  /** Octets that must be free: what Argon2id may ask for at most, and half as much again. */
  private static final long MEMORY = 192L << 20;

  /** How long one may be on its way. */
  private static final int MINUTES = 10;

  private final GatewayBackup backup;
  private final Gateway tunnels;
  private final OnTheWay way;
  private final InstantSource clock;
  private final Executor later;
  private Optional<Restore> restore = Optional.empty();

  /**
   * What the running data plane says and does.
   *
   * @param directory of the tunnels
   * @param files of that directory
   * @param commitWaits whether one waits to be confirmed
   * @param beginAnew ends everything, and begins with what is on the disk then
   */
  record Gateway(
      Path directory, TunnelFiles files, BooleanSupplier commitWaits, Runnable beginAnew) {}

  /** One that was sent, and what is known of it. */
  private record Restore(
      OnTheWay.Parcel parcel, SealedPassphrase sealing, Optional<Arriving> arriving) {
    String id() {
      return parcel.id();
    }
  }

  /**
   * Serves.
   *
   * @param way of this data plane alone
   * @param later carries out when a backup has been on its way for long enough
   */
  BackupControl(
      GatewayBackup backup, Gateway tunnels, OnTheWay way, InstantSource clock, Executor later) {
    this.backup = backup;
    this.tunnels = tunnels;
    this.way = way;
    this.clock = clock;
    this.later = later;
  }

  /**
   * Of a running data plane.
   *
   * @param file the settings file
   * @param beginAnew see {@link Gateway}
   */
  static BackupControl of(Path file, Settings settings, Tunnels tunnels, Runnable beginAnew)
      throws IOException {
    GatewayBackup backup =
        new GatewayBackup(
            file,
            new Directories(settings.tunnelsDirectory(), settings.stateDirectory()),
            Version.text());
    // What a process has left that was killed before anybody decided.
    backup.discard();
    return new BackupControl(
        backup,
        new Gateway(
            settings.tunnelsDirectory(),
            tunnels.files(),
            () -> tunnels.status().commit().isPresent(),
            beginAnew),
        new OnTheWay(settings.stateDirectory()),
        InstantSource.system(),
        CompletableFuture.delayedExecutor(MINUTES, TimeUnit.MINUTES));
  }

  @Override
  public synchronized BackupMade make(BackupRequest request, Caller caller, ChangeOrigin origin)
      throws ControlException {
    Instant now = clock.instant();
    List<HandedFile> handed = handed(request.console(), caller);
    LOG.info("a backup is made " + RunningGateway.by(origin));
    try {
      OnTheWay.Parcel parcel = way.out();
      later.execute(() -> expire(parcel));
      if (!backup.write(parcel.file(), handed, now)) {
        throw refusal(
            "NO-BACKUP-PASSPHRASE",
            "no passphrase for backups is set on this gateway",
            "Set one as root of this machine: gatehouse backup-passphrase");
      }
      return new BackupMade(parcel.id(), Files.size(parcel.file()), now.getEpochSecond());
    } catch (BackupException e) {
      throw refusal("BACKUP-REFUSED", message(e), "");
    } catch (IOException e) {
      throw failed("the backup cannot be written", e);
    } finally {
      handed.forEach(file -> Arrays.fill(file.octets(), (byte) 0));
    }
  }

  private static List<HandedFile> handed(List<ConsoleFile> files, Caller caller)
      throws ControlException {
    List<HandedFile> handed = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ConsoleFile file : files) {
      if (!CONSOLE_FILE.matcher(file.name()).matches() || !names.add(file.name())) {
        throw wrong("console.name must be a file's, such as users, and each another one");
      }
      handed.add(new HandedFile(file.name(), octets(file.octets()), caller.user()));
    }
    return handed;
  }

  @Override
  public synchronized BackupPart read(BackupRead read) throws ControlException {
    try {
      byte[] octets =
          way.read(read.id(), read.offset(), BackupPart.LARGEST)
              .orElseThrow(
                  () ->
                      refusal(
                          "NO-SUCH-BACKUP",
                          "this backup is not there any more",
                          "Make it again, and fetch it within ten minutes."));
      return new BackupPart(Base64.getEncoder().encodeToString(octets));
    } catch (IOException e) {
      throw failed("the backup cannot be read", e);
    }
  }

  @Override
  public synchronized RestoreReceived send(RestorePart part) throws ControlException {
    byte[] octets = octets(part.octets());
    try {
      if (part.id().isEmpty()) {
        forget();
        OnTheWay.Parcel parcel = way.in();
        later.execute(() -> expire(parcel));
        restore = Optional.of(new Restore(parcel, new SealedPassphrase(), Optional.empty()));
      }
      Restore receiving = find(part.id().orElseGet(() -> restore.orElseThrow().id()));
      if (receiving.arriving().isPresent()) {
        throw noSuchRestore();
      }
      Optional<Long> size = way.append(receiving.id(), octets);
      if (size.isEmpty()) {
        throw refusal(
            "BACKUP-TOO-LARGE",
            "the backup is larger than " + (OnTheWay.LARGEST >> 20) + " MiB",
            "Restore it as root of this machine: gatehouse restore");
      }
      return new RestoreReceived(receiving.id(), size.get(), receiving.sealing().publicKey());
    } catch (IOException e) {
      throw failed("the backup cannot be received", e);
    }
  }

  @Override
  public synchronized RestorePreview look(RestoreQuestion question) throws ControlException {
    Restore sent = find(question.id());
    Runtime heap = Runtime.getRuntime();
    if (heap.maxMemory() - heap.totalMemory() + heap.freeMemory() < MEMORY) {
      // A process without memory ends, and its tunnels with it.
      throw refusal(
          "NO-MEMORY",
          "the data plane has too many peers to have the memory for opening a backup as well",
          "Restore it as root of this machine: gatehouse restore");
    }
    Optional<Passphrase> opened = Optional.empty();
    try {
      if (question.sealed().isPresent()) {
        opened = Optional.of(sent.sealing().open(question.sealed().get()));
      }
      Passphrase passphrase = opened.or(question::passphrase).orElseThrow();
      Arriving arriving = backup.look(sent.parcel().file(), passphrase);
      restore = Optional.of(new Restore(sent.parcel(), sent.sealing(), Optional.of(arriving)));
      return preview(arriving);
    } catch (BackupException e) {
      throw refusal("BACKUP-REFUSED", message(e), "");
    } catch (IOException e) {
      throw failed("the backup cannot be read", e);
    } finally {
      opened.ifPresent(Passphrase::wipe);
    }
  }

  @Override
  public synchronized RestoreBegun apply(String id, ChangeOrigin origin) throws ControlException {
    Restore sent = find(id);
    Arriving arriving =
        sent.arriving()
            .orElseThrow(
                () ->
                    refusal(
                        "NOT-LOOKED-AT",
                        "nobody has looked at what this backup would change",
                        "Ask for that first, with its passphrase."));
    if (tunnels.commitWaits().getAsBoolean()) {
      throw refusal(
          "COMMIT-WAITS", "a change waits to be confirmed", "Confirm it or take it back first.");
    }
    try {
      checkHooks(documents(arriving.tunnels()));
      backup.begin();
    } catch (IOException e) {
      throw failed("the restore cannot be begun", e);
    }
    restore = Optional.empty();
    way.end(sent.parcel());
    LOG.warning("a backup of " + arriving.made() + " is restored " + RunningGateway.by(origin));
    tunnels.beginAnew().run();
    return new RestoreBegun(arriving.made().getEpochSecond());
  }

  private void checkHooks(SortedMap<String, WgQuickFile> then) throws ControlException {
    List<FindingStatus> wrong =
        then.values().stream()
            .filter(file -> !tunnels.files().keepsHooks(file))
            .map(
                file ->
                    new FindingStatus(
                        "HOOKS-CHANGED",
                        Finding.Severity.ERROR.name(),
                        file.fileName(),
                        0,
                        "",
                        "PreUp, PostUp, PreDown and PostDown cannot be set from here",
                        "Restore it as root of this machine: gatehouse restore"))
            .toList();
    if (!wrong.isEmpty()) {
      throw new ControlException(ControlException.REFUSED, "nothing was restored", wrong);
    }
  }

  private RestorePreview preview(Arriving arriving) throws IOException {
    SortedMap<String, WgQuickFile> now = documents(tunnels.directory());
    SortedMap<String, WgQuickFile> then = documents(arriving.tunnels());
    Set<String> names = new TreeSet<>(now.keySet());
    names.addAll(then.keySet());
    List<RestoredFile> files = new ArrayList<>();
    for (String name : names) {
      Optional<WgQuickFile> before = Optional.ofNullable(now.get(name));
      Optional<WgQuickFile> after = Optional.ofNullable(then.get(name));
      files.add(
          new RestoredFile(
              name,
              after.isEmpty()
                  ? Change.REMOVED
                  : before.isEmpty()
                      ? Change.ADDED
                      : Arrays.equals(before.get().bytes(), after.get().bytes())
                          ? Change.SAME
                          : Change.CHANGED,
              after.map(WgQuickFile::findings).orElse(List.of()).stream()
                  .map(FindingStatus::of)
                  .toList()));
    }
    return new RestorePreview(
        arriving.made().getEpochSecond(),
        arriving.version(),
        files,
        List.copyOf(new TreeSet<>(arriving.left())));
  }

  /** The files of a directory that would be tunnels, by name. */
  private static SortedMap<String, WgQuickFile> documents(Path directory) throws IOException {
    SortedMap<String, WgQuickFile> documents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (InterfaceName.ofFile(name).isPresent() && Files.isRegularFile(file)) {
          documents.put(name, WgQuickFile.parse(name, Files.readAllBytes(file)));
        }
      }
    }
    return documents;
  }

  private Restore find(String id) throws ControlException {
    return restore.filter(one -> one.id().equals(id)).orElseThrow(BackupControl::noSuchRestore);
  }

  private synchronized void expire(OnTheWay.Parcel parcel) {
    if (restore.map(Restore::parcel).equals(Optional.of(parcel))) {
      forget();
    }
    way.end(parcel);
  }

  /** Takes away what came of what was sent. */
  private void forget() {
    if (restore.flatMap(Restore::arriving).isPresent()) {
      try {
        backup.discard();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "what was to be restored could not be taken away", e);
      }
    }
    restore = Optional.empty();
  }

  private static byte[] octets(String base64) throws ControlException {
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw wrong("octets must be base64");
    }
    if (octets.length > BackupPart.LARGEST) {
      throw wrong("octets must be at most " + BackupPart.LARGEST);
    }
    return octets;
  }

  private static ControlException wrong(String what) {
    return new ControlException(ControlException.INVALID_PARAMS, "params: " + what, List.of());
  }

  private static ControlException noSuchRestore() {
    return refusal(
        "NO-SUCH-RESTORE",
        "this backup is not there any more",
        "Send it again, and restore it within ten minutes.");
  }

  private static ControlException failed(String what, IOException e) {
    LOG.log(Level.WARNING, what, e);
    return refusal("BACKUP-FAILED", what + ": " + e, "See the log.");
  }

  private static String message(BackupException e) {
    return String.valueOf(e.getMessage());
  }

  private static ControlException refusal(String code, String message, String remedy) {
    return RunningGateway.refusal(code, message, remedy);
  }
}
