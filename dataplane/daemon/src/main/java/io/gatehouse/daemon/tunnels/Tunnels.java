// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.FileState;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.daemon.history.History;
import io.gatehouse.daemon.history.NoSuchRevisionException;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.RefusedEdit;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.HostFacts;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tunnels of a directory: each wg-quick file in it is a tunnel that runs.
 *
 * <p>A changed file changes its tunnel by the difference only; a file that cannot be applied leaves
 * its tunnel as it was; a file that goes away takes its tunnel along. Findings tell what is wrong.
 * Files are only read, except where {@link #files}, {@link #addPeer}, {@link #save}, {@link
 * #restore} or a commit that nobody confirmed calls for it. Each state that was taken is in the
 * {@link #history}. Thread-safe: whatever changes something runs on one control thread, except for
 * hooks.
 */
public final class Tunnels implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Tunnels.class.getName());
  private static final long FULL_SCAN_SECONDS = 30;

  /** How old may be what is known of peers after a crash; their timestamps allow ten. */
  private static final long REMEMBER_SECONDS = 5;

  /** A commit is gone back from within two seconds of its deadline. */
  private static final long COMMIT_CHECK_MILLISECONDS = 250;

  private static final long PATIENCE_SECONDS = 20;

  private static final int LOOKUP_THREADS = 4;

  /**
   * What tunnels are made of.
   *
   * @param directory where wg-quick files are dropped; must be there
   * @param stateDirectory for what must outlive a restart; made if it is not there
   * @param hooks how long the hooks of a file may take each time; empty when they are not run
   * @param history how large the history of the directory may grow, in octets; not used for one
   *     file
   * @param first what becomes of files that are in the directory when it is followed for the first
   *     time; not used for one file
   * @param version of the data plane, for the status
   * @param host that they run on
   */
  public record Options(
      Path directory,
      Path stateDirectory,
      Optional<Duration> hooks,
      long history,
      FirstStart first,
      String version,
      Host host) {}

  /** A file and its tunnel. */
  static final class Entry {
    final String fileName;
    final @Nullable FileTunnel tunnel;
    @Nullable DroppedFile file;
    volatile List<Finding> findings = List.of();
    volatile boolean meantToBeDown;

    Entry(String fileName, @Nullable FileTunnel tunnel) {
      this.fileName = fileName;
      this.tunnel = tunnel;
    }

    /** The file, if the tunnel runs just what it says. */
    Optional<WgQuickFile> applied() {
      return Optional.ofNullable(file)
          .flatMap(DroppedFile::document)
          .filter(document -> tunnel != null && document.config().equals(tunnel.view().config()));
    }
  }

  private final TunnelDirectory directory;
  private final PeerNumbers numbers;
  private final LastKnown lastKnown;
  private final QuotaUsage usage;
  private final HeldDown heldDown;
  private final Optional<Taken> taken;
  private final Optional<Admission> admission;
  private final Hooks hooks;
  private final String version;
  private final Network network;
  private final Endpoints.Resolver resolver;
  private final Drifts drifts = new Drifts(this);
  private final Instant started = Instant.now();
  private final ConfigTally configTally = new ConfigTally(InstantSource.system());
  private final ConcurrentSkipListMap<String, Entry> entries = new ConcurrentSkipListMap<>();
  private final ScheduledExecutorService control =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("tunnels").daemon().unstarted(task));
  private final DriftWatch driftWatch = new DriftWatch(control, drifts::look);
  private final ScheduledExecutorService lookups =
      Executors.newScheduledThreadPool(
          LOOKUP_THREADS, Thread.ofPlatform().name("resolver-", 0).daemon().factory());
  private final Desk desk = new OwnDesk();
  private final Optional<TunnelFiles> files;
  private @Nullable DirectoryWatch watch;
  private @Nullable AutoCloseable kernelWatch;
  private boolean lookScheduled;
  private final AtomicBoolean lookAskedFor = new AtomicBoolean();

  /** During a look what concerns all files is written down once, at its end. */
  private boolean looking;

  /** How often a tunnel was brought to what its file says. */
  private int applied;

  private boolean timePasses;
  private boolean limitsWatched;
  private boolean closed;
  private String directoryTrouble = "";
  private volatile String reverted = "";

  Tunnels(
      Path directory,
      PeerNumbers numbers,
      LastKnown lastKnown,
      QuotaUsage usage,
      HeldDown heldDown,
      Optional<Taken> taken,
      Optional<Admission> admission,
      Optional<Duration> hooks,
      String version,
      Network network,
      Endpoints.Resolver resolver) {
    this.directory = new TunnelDirectory(directory);
    this.numbers = numbers;
    this.lastKnown = lastKnown;
    this.usage = usage;
    this.heldDown = heldDown;
    this.taken = taken;
    this.admission = admission;
    this.files = taken.map(kept -> new TunnelFiles(desk, kept.history()));
    this.hooks = hooks.<Hooks>map(limit -> new BashHooks(control, limit)).orElse(Hooks.OFF);
    this.version = version;
    this.network = network;
    this.resolver = resolver;
  }

  /**
   * Starts to follow a directory, and with it the tunnels of the files that are there.
   *
   * @throws IOException if the directory cannot be read, the state directory not written, or the
   *     kernel not asked
   */
  public static Tunnels start(Options options) throws IOException {
    Files.createDirectories(options.stateDirectory());
    AtomicFile.sweep(options.directory());
    Tunnels tunnels = make(options, Optional.of(taken(options)));
    tunnels.follow();
    return tunnels;
  }

  /**
   * Brings up the tunnel of one file of the directory, as wg-quick(8) does: later changes of the
   * file change nothing, and nothing is made again that somebody takes away. {@link #outcome} tells
   * how it went. Otherwise as {@link #start}.
   *
   * @param fileName {@code NAME.conf}
   */
  public static Tunnels startOne(Options options, String fileName) throws IOException {
    Files.createDirectories(options.stateDirectory());
    Tunnels tunnels = make(options, Optional.empty());
    tunnels.onControlThread(
        () -> {
          tunnels.follow(fileName, tunnels.directory.readNow(fileName, System.nanoTime()));
          return true;
        });
    tunnels.rememberEverySoOften();
    return tunnels;
  }

  private static Taken taken(Options options) throws IOException {
    InstantSource clock = InstantSource.system();
    return new Taken(
        options.directory(),
        new History(options.stateDirectory().resolve("history"), options.history()),
        ConfirmedCommit.read(
            options.stateDirectory().resolve("unconfirmed-commit"), clock, System::nanoTime),
        clock);
  }

  private static Tunnels make(Options options, Optional<Taken> taken) throws IOException {
    AtomicFile.sweep(options.stateDirectory());
    PeerNumbers numbers = PeerNumbers.read(options.stateDirectory().resolve("peer-numbers"));
    LastCounters counters =
        taken.isPresent()
            ? LastCounters.read(
                options.stateDirectory().resolve("counters"), options.directory(), Instant.now())
            : LastCounters.none();
    LastKnown lastKnown = LastKnown.read(options.stateDirectory().resolve("last-known"), counters);
    QuotaUsage usage =
        QuotaUsage.read(
            options.stateDirectory().resolve("quota-usage"), Clock.system(ZoneId.systemDefault()));
    usage.retain(options.directory());
    HeldDown heldDown = HeldDown.read(options.stateDirectory().resolve("held-down"));
    heldDown.retain(options.directory());
    Optional<Admission> admission =
        taken.isPresent()
            ? Optional.of(Admission.of(options, heldDown, InstantSource.system()))
            : Optional.empty();
    Network network = options.host().network(options.stateDirectory());
    return new Tunnels(
        options.directory(),
        numbers,
        lastKnown,
        usage,
        heldDown,
        taken,
        admission,
        options.hooks(),
        options.version(),
        network,
        Endpoints.ofThisMachine());
  }

  /**
   * Returns when the control thread has done what came before; for whoever watches that it does.
   */
  public void awaitTurn() {
    onControlThread(() -> true);
  }

  /** The state now. Never waits for a change that is under way. */
  public GatewayStatus status() {
    List<TunnelStatus> tunnels = new ArrayList<>();
    for (Entry entry : entries.values()) {
      tunnels.add(status(entry));
    }
    return new GatewayStatus(
        version,
        directory.path().toString(),
        started.getEpochSecond(),
        System.currentTimeMillis(),
        tunnels,
        taken.flatMap(files -> files.commit().pending()),
        Optional.of(GatewayStatus.PROTOCOL),
        Optional.of(configTally.activity()),
        Optional.of(
            System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor")),
        network.isSimulated() ? Optional.of(true) : Optional.empty());
  }

  /** What becomes of changed files. */
  public ConfigTally configTally() {
    return configTally;
  }

  /**
   * Says what would be done so that the tunnels are what their files say; changes nothing. A tunnel
   * that is held down stays so.
   *
   * @param files what would happen if these were put into the directory; none for what is there now
   * @throws IOException if the directory cannot be read
   */
  public PlanStatus plan(List<WgQuickFile> files) throws IOException {
    SortedMap<String, DroppedFile> wanted =
        files.isEmpty() ? directory.read() : TunnelDirectory.asIfRead(files);
    Predicate<String> goes = name -> files.isEmpty() && !wanted.containsKey(name);
    return onControlThread(() -> planNow(wanted, goes));
  }

  private PlanStatus planNow(SortedMap<String, DroppedFile> files, Predicate<String> goes) {
    Planner planner = new Planner(network, hooks.areOn());
    for (Entry entry : entries.values()) {
      if (entry.tunnel != null && goes.test(entry.fileName)) {
        planner.goes(entry.fileName, entry.tunnel);
      }
    }
    files.forEach(
        (fileName, file) -> {
          Entry entry = entries.get(fileName);
          Optional<FileTunnel> tunnel =
              Optional.ofNullable(entry)
                  .flatMap(there -> Optional.ofNullable(there.tunnel))
                  .or(() -> InterfaceName.ofFile(fileName).map(this::tunnel));
          if (tunnel.isEmpty() || file.document().isEmpty()) {
            String name = tunnel.map(t -> t.name().value()).orElse("");
            planner.fails(name, TunnelDirectory.printable(fileName), file.findings());
          } else if (!heldDown.has(tunnel.get().name())) {
            List<Finding> findings = new ArrayList<>(said(file));
            Optional<Finding> held =
                admission.flatMap(all -> all.wouldHoldBack(file.document().get()));
            held.ifPresent(findings::add);
            if (held.isPresent()) {
              planner.fails(tunnel.get().name().value(), fileName, findings);
            } else {
              planner.follows(tunnel.get(), file.document().get(), findings);
            }
          }
        });
    return planner.status();
  }

  /**
   * Writes a peer into a tunnel's file, which otherwise stays as it is, byte for byte, and applies
   * it. Where either fails, both are as before.
   *
   * @param tunnel interface name
   * @param peer its line does not matter
   * @param origin who and why, for the history
   */
  public Edit addPeer(String tunnel, PeerConfig peer, ChangeOrigin origin) {
    return onControlThread(() -> addPeerNow(tunnel, peer, origin));
  }

  /**
   * Brings up a tunnel that was taken down, or tries one again that could not be brought up.
   * Returns when that is decided, so after its hooks.
   *
   * @param tunnel interface name
   */
  public Edit up(String tunnel) {
    return whenDone(answer -> upNow(tunnel, answer));
  }

  /**
   * Takes a tunnel down and keeps it down, also when its file changes or the data plane starts
   * again, until {@link #up} or until the file goes. Returns when nothing is left of it.
   *
   * @param tunnel interface name
   */
  public Edit down(String tunnel) {
    return whenDone(answer -> downNow(tunnel, answer));
  }

  /**
   * Writes the running state of a tunnel into its file, as {@code wg-quick save} does, but changes
   * only what differs.
   *
   * @param tunnel interface name
   * @param origin who and why, for the history
   */
  public Edit save(String tunnel, ChangeOrigin origin) {
    return onControlThread(() -> saveNow(tunnel, origin));
  }

  /** What can be done about tunnels that run otherwise than their files say. */
  public Drifts drifts() {
    return drifts;
  }

  /**
   * Lets files be applied that wait for approval, or that the checks hold back, as they are now.
   *
   * @param tunnels interface names; none for all that wait or are held back
   * @return {@link Edit.Approved} if there was one, {@link Edit.Refused} if not
   */
  public Edit approve(List<String> tunnels) {
    return onControlThread(() -> approveNow(tunnels));
  }

  private Edit approveNow(List<String> tunnels) {
    for (String name : tunnels) {
      if (entry(name) == null) {
        return noSuchTunnel(name);
      }
    }
    List<String> files = tunnels.stream().map(name -> name + InterfaceName.SUFFIX).toList();
    List<String> approved = admission.map(all -> all.approve(files)).orElse(List.of());
    if (approved.isEmpty()) {
      return refused(TunnelFinding.NOTHING_TO_APPROVE.of(""));
    }
    LOG.log(Level.INFO, "approved: " + String.join(", ", approved));
    List<Finding> findings = new ArrayList<>();
    for (String name : approved) {
      Entry entry = entries.get(name);
      if (entry != null && entry.file != null) {
        follow(name, entry.file);
        findings.addAll(entry.findings);
      }
    }
    // Others may be concerned.
    lookSoon();
    return new Edit.Approved(approved, findings);
  }

  /**
   * What is to be said of a text as if it were a file of the directory. Changes nothing.
   *
   * @param file with the name that it would have there
   */
  public List<Finding> check(WgQuickFile file) {
    return admission
        .map(all -> onControlThread(() -> all.wouldFind(file)))
        .orElseGet(file::findings);
  }

  /**
   * What is to be said of a file of the directory as it is now, settled or not.
   *
   * @param fileName without a path
   * @return empty if there is none
   */
  public Optional<List<Finding>> check(String fileName) {
    Path path = directory.path().resolve(fileName);
    if (!directory.path().equals(path.getParent()) || !Files.exists(path)) {
      return Optional.empty();
    }
    DroppedFile file = DroppedFile.read(path);
    return Optional.of(onControlThread(() -> said(file)));
  }

  /** What is to be said of a file, whether or not it is taken. Control thread. */
  private List<Finding> said(DroppedFile file) {
    return admission.map(all -> all.wouldFind(file)).orElse(file.findings());
  }

  /**
   * The files of the directory, for whoever edits them from outside.
   *
   * @throws IllegalStateException if only one file is followed
   */
  public TunnelFiles files() {
    return files.orElseThrow(() -> new IllegalStateException("one file is not edited"));
  }

  /**
   * Reads a peer that was given as texts, and adds it; see {@link #addPeer(String, PeerConfig,
   * ChangeOrigin)}.
   */
  public Edit addPeer(PeerAddition peer, ChangeOrigin origin) {
    try {
      return addPeer(
          peer.tunnel(),
          GivenPeer.read(
              peer.publicKey(),
              peer.name(),
              peer.allowedIps(),
              peer.endpoint(),
              peer.persistentKeepalive(),
              peer.presharedKey()),
          origin);
    } catch (Refusal e) {
      return new Edit.Refused(e.findings());
    }
  }

  /**
   * The history of the directory.
   *
   * @throws IllegalStateException if only one file is followed
   */
  public History history() {
    return kept().history();
  }

  /**
   * Writes files as they were in a revision, and takes them. What is in the directory now becomes a
   * revision before, so nothing is lost. If one of them cannot be, nothing is changed.
   *
   * @param revision as in {@link History#revision}
   * @param file name of the only one, or empty for the whole directory: then files that the
   *     revision has not are removed, but for those that have an error and so are in no revision
   * @param origin who and why
   */
  public Edit restore(String revision, String file, ChangeOrigin origin) {
    try {
      SortedMap<String, byte[]> target = history().files(revision);
      if (!file.isEmpty()) {
        target.keySet().retainAll(Set.of(file));
        if (target.isEmpty()) {
          return refused(TunnelFinding.NOT_IN_REVISION.of(TunnelDirectory.printable(file)));
        }
      }
      return onControlThread(() -> goBack(target, file.isEmpty(), false, origin));
    } catch (NoSuchRevisionException e) {
      return refused(TunnelFinding.NO_SUCH_REVISION.of(""));
    } catch (IOException e) {
      return refused(TunnelFinding.HISTORY_FAILED.of("", e.toString()));
    }
  }

  /**
   * Lets the directory go back to what it is now after a while, also when the data plane starts
   * again meanwhile, unless {@link #confirmCommit} comes before.
   *
   * @param length until then
   * @param origin who and why; goes with the revisions until then
   * @return {@link Edit.Commit} if it waits now, {@link Edit.Refused} if not
   */
  public Edit beginCommit(Duration length, ChangeOrigin origin) {
    if (kept().commit().pending().isPresent()) {
      return refused(TunnelFinding.COMMIT_WAITS.of(""));
    }
    try {
      String now =
          onControlThread(() -> recordDirectory(kept().fileOrigin()))
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return onControlThread(() -> beginCommit(now, length, origin));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return refused(TunnelFinding.HISTORY_FAILED.of("", "interrupted"));
    } catch (ExecutionException | TimeoutException e) {
      return refused(TunnelFinding.HISTORY_FAILED.of("", e.toString()));
    }
  }

  private Edit beginCommit(String now, Duration length, ChangeOrigin origin) {
    ConfirmedCommit commit = kept().commit();
    if (commit.pending().isPresent()) {
      return refused(TunnelFinding.COMMIT_WAITS.of(""));
    }
    try {
      history().pin(Optional.of(now));
      CommitStatus begun = commit.begin(now, length, origin);
      LOG.log(
          Level.INFO,
          "unless confirmed within "
              + length.toSeconds()
              + " s, the directory goes back to "
              + now);
      watchCommit();
      return new Edit.Commit(begun);
    } catch (IOException e) {
      history().pin(Optional.empty());
      return refused(TunnelFinding.NOT_WRITTEN.of("unconfirmed-commit", e.toString()));
    }
  }

  /**
   * Keeps what was changed since {@link #beginCommit}.
   *
   * @return {@link Edit.Commit} if it did, {@link Edit.Refused} if not
   */
  public Edit confirmCommit() {
    return onControlThread(
        () -> {
          Optional<CommitStatus> pending = kept().commit().pending();
          if (pending.isEmpty()) {
            return refused(TunnelFinding.NO_COMMIT.of(""));
          }
          Optional<Edit> trouble = endCommit();
          LOG.log(Level.INFO, "the commit is confirmed");
          return trouble.orElseGet(() -> new Edit.Commit(pending.get()));
        });
  }

  /**
   * Goes back at once to what was there at {@link #beginCommit}.
   *
   * @return {@link Edit.Restored} if it did, {@link Edit.Refused} if not
   */
  public Edit revertCommit() {
    return revertCommit(
        commit ->
            new ChangeOrigin(
                commit.origin().source(),
                commit.origin().author(),
                "Back to " + commit.revision() + " before the time"));
  }

  /** Goes back if the deadline has passed. Any thread. */
  Optional<Edit> revertIfDue() {
    if (!onControlThread(() -> kept().commit().isDue())) {
      return Optional.empty();
    }
    return Optional.of(
        revertCommit(
            commit ->
                new ChangeOrigin(
                    ChangeSource.GATEHOUSE,
                    "Gatehouse",
                    "Back to " + commit.revision() + ", because nobody confirmed")));
  }

  private Edit revertCommit(Function<CommitStatus, ChangeOrigin> origin) {
    Optional<CommitStatus> pending = kept().commit().pending();
    if (pending.isEmpty()) {
      return refused(TunnelFinding.NO_COMMIT.of(""));
    }
    try {
      SortedMap<String, byte[]> target = history().files(pending.get().revision());
      return onControlThread(
          () -> {
            if (!kept().commit().pending().equals(pending)) {
              return refused(TunnelFinding.NO_COMMIT.of(""));
            }
            Edit edit = goBack(target, true, true, origin.apply(pending.get()));
            return edit instanceof Edit.Refused ? edit : endCommit().orElse(edit);
          });
    } catch (NoSuchRevisionException e) {
      return refused(TunnelFinding.NO_SUCH_REVISION.of(""));
    } catch (IOException e) {
      return refused(TunnelFinding.HISTORY_FAILED.of("", e.toString()));
    }
  }

  private Optional<Edit> endCommit() {
    try {
      kept().commit().end();
      history().pin(Optional.empty());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(refused(TunnelFinding.NOT_WRITTEN.of("unconfirmed-commit", e.toString())));
    }
  }

  private Taken kept() {
    return taken.orElseThrow(() -> new IllegalStateException("one file has no history"));
  }

  /** Takes all tunnels down and returns when nothing of them is left. Idempotent. */
  @Override
  public void close() {
    if (control.isShutdown()) {
      return;
    }
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    onControlThread(
        () -> {
          closed = true;
          if (watch != null) {
            watch.close();
          }
          if (kernelWatch != null) {
            kernelWatch.close();
          }
          remember();
          for (Entry entry : entries.values()) {
            if (entry.tunnel != null) {
              CompletableFuture<Void> end = new CompletableFuture<>();
              ends.add(end);
              takeDown(entry);
              entry.tunnel.whenIdle(() -> end.complete(null));
            }
          }
          return true;
        });
    lookups.shutdownNow();
    ends.forEach(CompletableFuture::join);
    onControlThread(
        () -> {
          entries.clear();
          writeCountersAtEnd();
          network.close();
          return true;
        });
    control.shutdownNow();
    taken.ifPresent(files -> files.history().close());
  }

  private void writeCountersAtEnd() {
    try {
      lastKnown.counters().writeAtEnd();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the counters could not be written down: " + e);
    }
  }

  private void follow() throws IOException {
    revertIfDue().ifPresent(this::sayReverted);
    admission.ifPresent(files -> files.facts().listen(this::lookSoon));
    onControlThread(
        () -> {
          watchCommit();
          return true;
        });
    DirectoryWatch started = DirectoryWatch.start(directory.path(), this::lookSoon);
    watch = started;
    kernelWatch = network.watch(this::machineChanged);
    var _ =
        control.scheduleWithFixedDelay(
            () -> {
              started.renew();
              tryAgain();
              look();
            },
            0,
            FULL_SCAN_SECONDS,
            TimeUnit.SECONDS);
    rememberEverySoOften();
  }

  /** As long as a commit waits. Control thread. */
  private void watchCommit() {
    if (!closed && kept().commit().pending().isPresent()) {
      var _ = control.schedule(this::checkCommit, COMMIT_CHECK_MILLISECONDS, TimeUnit.MILLISECONDS);
    }
  }

  /** The history is read beside the control thread, so that no tunnel waits for the disk. */
  private void checkCommit() {
    if (!kept().commit().isDue()) {
      watchCommit();
      return;
    }
    var _ =
        Thread.ofPlatform()
            .name("commit")
            .daemon()
            .start(
                () -> {
                  try {
                    revertIfDue().ifPresent(this::sayReverted);
                  } catch (RejectedExecutionException e) {
                    // Everything is closed already; the next start goes back.
                    return;
                  } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "the directory could not go back this time", e);
                  }
                  watchAgain();
                });
  }

  private void watchAgain() {
    try {
      control.execute(this::watchCommit);
    } catch (RejectedExecutionException e) {
      // Everything is closed already.
    }
  }

  private void sayReverted(Edit edit) {
    String said =
        edit instanceof Edit.Restored restored
            ? "nobody confirmed, so the directory is as it was before: " + restored.files()
            : "nobody confirmed, but the directory could not go back, which is tried again: "
                + edit.findings();
    if (!said.equals(reverted)) {
      LOG.log(edit instanceof Edit.Refused ? Level.ERROR : Level.WARNING, said);
    }
    reverted = said;
  }

  private void rememberEverySoOften() {
    timePasses = true;
    var _ =
        control.scheduleWithFixedDelay(
            this::lookAfterPeers, REMEMBER_SECONDS, REMEMBER_SECONDS, TimeUnit.SECONDS);
  }

  private void lookAfterPeers() {
    if (closed) {
      return;
    }
    remember();
    try {
      for (Entry entry : entries.values()) {
        if (entry.tunnel != null) {
          entry.tunnel.lookAfterPeers();
        }
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "peers could not be looked after this time", e);
    }
    watchLimits();
  }

  /**
   * Ticks on each whole second as long as a running tunnel has limits, and not at all otherwise.
   */
  private void watchLimits() {
    if (closed
        || !timePasses
        || limitsWatched
        || entries.values().stream().noneMatch(e -> e.tunnel != null && e.tunnel.hasLimits())) {
      return;
    }
    limitsWatched = true;
    var _ =
        control.schedule(
            () -> {
              limitsWatched = false;
              keepLimits();
              watchLimits();
            },
            1000 - Math.floorMod(usage.clock().millis(), 1000),
            TimeUnit.MILLISECONDS);
  }

  /** Lets expiry and quotas take effect that are due by now. Control thread. */
  void keepLimits() {
    if (closed) {
      return;
    }
    boolean changed = false;
    for (Entry entry : entries.values()) {
      try {
        if (entry.tunnel != null && entry.tunnel.keepLimits()) {
          changed = true;
          say(entry);
        }
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "the limits of " + entry.fileName + " could not be kept this time", e);
      }
    }
    if (changed) {
      // A crash from now on must not let a peer in again.
      remember();
    }
  }

  /** Writes down what a restart needs. Control thread. */
  void remember() {
    try {
      for (Entry entry : entries.values()) {
        if (entry.tunnel != null) {
          entry.tunnel.remember();
        }
      }
      lastKnown.write();
      usage.write();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "what a restart needs could not be written down: " + e);
    }
  }

  /** Any thread. */
  private void machineChanged(Network.Changes changes) {
    try {
      for (Entry entry : entries.values()) {
        FileTunnel tunnel = entry.tunnel;
        if (tunnel != null && tunnel.concerns(changes)) {
          control.execute(() -> heal(entry, tunnel, changes.routing()));
          if (tunnel.isAbout(changes)) {
            driftWatch.mayHaveChanged(tunnel.name().value());
          }
        }
      }
    } catch (RejectedExecutionException e) {
      // Everything is closed already.
    }
  }

  private void heal(Entry entry, FileTunnel tunnel, boolean routing) {
    if (!closed) {
      tunnel.heal(routing);
      say(entry);
    }
  }

  /** Any thread. However often it is asked for meanwhile, one look follows. */
  private void lookSoon() {
    if (lookAskedFor.compareAndSet(false, true)) {
      try {
        control.execute(
            () -> {
              lookAskedFor.set(false);
              look();
            });
      } catch (RejectedExecutionException e) {
        // Everything is closed already.
      }
    }
  }

  /** Has the machine looked at again, for the checks of files. Control thread. */
  void refreshFacts() {
    admission.ifPresent(Admission::refresh);
  }

  private void tryAgain() {
    refreshFacts();
    for (Entry entry : entries.values()) {
      if (entry.tunnel != null) {
        entry.tunnel.tryAgain();
      }
    }
  }

  private void look() {
    if (closed || watch == null) {
      // Tunnels that end call for a look, the last ones as well, and those that nobody follows.
      return;
    }
    try {
      boolean unsettled = look(System.nanoTime());
      if (unsettled && !lookScheduled) {
        lookScheduled = true;
        var _ =
            control.schedule(
                () -> {
                  lookScheduled = false;
                  look();
                },
                TunnelDirectory.SETTLE_NANOS,
                TimeUnit.NANOSECONDS);
      }
    } catch (RuntimeException | Error e) {
      // One bad file must not end the watch over all others.
      LOG.log(Level.ERROR, "the tunnel directory could not be followed this time", e);
    }
  }

  /**
   * Looks at the directory and does what follows. Control thread.
   *
   * @return whether to look again soon
   */
  boolean look(long now) {
    TunnelDirectory.Look look;
    try {
      look = directory.look(now);
      directoryTrouble = "";
    } catch (IOException e) {
      if (!directoryTrouble.equals(e.toString())) {
        directoryTrouble = e.toString();
        LOG.log(
            Level.ERROR,
            directory.path() + " cannot be read, so all tunnels stay as they are: " + e);
      }
      return false;
    }
    if (admission.isPresent() && !admission.get().isReady(look)) {
      return true;
    }
    SortedMap<String, DroppedFile> files = look.files();
    admission.ifPresent(all -> all.consider(files));
    for (Entry entry : new ArrayList<>(entries.values())) {
      if (!files.containsKey(entry.fileName)) {
        forget(entry);
      }
    }
    looking = true;
    try {
      int before = applied;
      files.forEach(this::follow);
      if (applied > before) {
        // What one has given up another may take, which could not have it the first time.
        files.entrySet().stream().filter(this::lags).forEach(f -> follow(f.getKey(), f.getValue()));
      }
    } finally {
      looking = false;
    }
    watchLimits();
    writeNumbers();
    admission.ifPresent(Admission::write);
    taken.ifPresent(kept -> kept.looked(look.unsettled(), now));
    return look.unsettled();
  }

  /** Whether a tunnel could not be brought to what its file says. */
  private boolean lags(Map.Entry<String, DroppedFile> file) {
    Entry entry = entries.get(file.getKey());
    FileTunnel tunnel = entry == null ? null : entry.tunnel;
    return tunnel != null
        && !tunnel.isBusy()
        && file.getValue()
            .document()
            .flatMap(WgQuickFile::config)
            .filter(wanted -> !tunnel.runs(wanted))
            .isPresent();
  }

  /** Makes the directory as it was, and follows. Control thread. */
  private Edit goBack(
      SortedMap<String, byte[]> target, boolean whole, boolean hooksToo, ChangeOrigin origin) {
    SortedMap<String, DroppedFile> there;
    try {
      there = directory.read();
    } catch (IOException e) {
      return refused(TunnelFinding.UNREADABLE.of("", e.toString()));
    }
    SortedMap<String, WgQuickFile> documents = new TreeMap<>();
    List<Finding> wrong = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : target.entrySet()) {
      String name = file.getKey();
      WgQuickFile document = WgQuickFile.parse(name, file.getValue());
      Optional<TunnelConfig> wanted = document.config();
      if (InterfaceName.ofFile(name).isEmpty()) {
        wrong.add(TunnelFinding.FILE_NAME.of(TunnelDirectory.printable(name)));
      } else if (wanted.isEmpty()) {
        wrong.addAll(document.findings());
      } else if (!hooksToo && !sameHooks(there.get(name), wanted.get())) {
        wrong.add(TunnelFinding.HOOKS_CHANGED.of(name));
      }
      documents.put(name, document);
    }
    if (!wrong.isEmpty()) {
      return new Edit.Refused(wrong);
    }
    var _ = kept().record(there, kept().fileOrigin());
    RestoredFiles files = RestoredFiles.of(documents, whole, there);
    try {
      files.carryOut(directory.path());
    } catch (IOException e) {
      return refused(TunnelFinding.NOT_WRITTEN.of("", e.toString()));
    }
    List<Finding> findings = new ArrayList<>();
    files.written().forEach((name, file) -> admission.ifPresent(all -> all.approve(name, file)));
    for (String name : files.names()) {
      DroppedFile written = readAgain(name);
      Entry entry = entries.get(name);
      if (!files.removed().contains(name)) {
        follow(name, written);
        Optional.ofNullable(entries.get(name)).ifPresent(now -> findings.addAll(now.findings));
      } else if (entry != null) {
        forget(entry);
      }
    }
    var _ = recordDirectory(origin);
    return new Edit.Restored(List.copyOf(files.names()), findings);
  }

  /** What is there now is a state, whether or not a look has found it. Control thread. */
  private CompletableFuture<String> recordDirectory(ChangeOrigin origin) {
    try {
      return kept().record(directory.read(), origin);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static boolean sameHooks(@Nullable DroppedFile there, TunnelConfig wanted) {
    return Optional.ofNullable(there)
        .flatMap(DroppedFile::document)
        .flatMap(WgQuickFile::config)
        .map(now -> Hooks.Moment.same(now, wanted))
        .orElseGet(() -> !Hooks.Moment.any(wanted));
  }

  private void forget(Entry entry) {
    entry.file = null;
    FileTunnel tunnel = entry.tunnel;
    if (tunnel != null) {
      tunnel.takeDown(() -> {});
      if (tunnel.isBusy()) {
        // It asks to be looked at when its hooks are over.
        return;
      }
      hold(tunnel.name(), false);
      lastKnown.forget(tunnel.name());
      usage.forget(tunnel.name());
    }
    entries.remove(entry.fileName);
    configTally.forget(entry.fileName);
    taken.ifPresent(kept -> kept.remove(entry.fileName));
    admission.ifPresent(all -> all.forget(entry.fileName));
    LOG.log(
        Level.INFO,
        entry.fileName + " is gone" + (tunnel == null ? "" : ", and with it its tunnel"));
  }

  private void takeDown(Entry entry) {
    FileTunnel tunnel = entry.tunnel;
    if (tunnel != null) {
      tunnel.takeDown(
          () -> {
            if (tunnel.view().config().map(TunnelConfig::saveConfig).orElse(false)) {
              writeState(entry, tunnel)
                  .ifPresent(finding -> LOG.log(Level.WARNING, finding.toString()));
            }
          });
    }
  }

  /** Whether that could be written down. */
  private boolean hold(InterfaceName tunnel, boolean down) {
    try {
      heldDown.set(tunnel, down);
      return true;
    } catch (IOException e) {
      LOG.log(Level.ERROR, "which tunnels are to be down could not be written down: " + e);
      return false;
    }
  }

  private void follow(String fileName, DroppedFile file) {
    Entry entry =
        entries.computeIfAbsent(
            fileName,
            name -> new Entry(name, InterfaceName.ofFile(name).map(this::tunnel).orElse(null)));
    entry.file = file;
    FileTunnel tunnel = entry.tunnel;
    Optional<TunnelConfig> wanted = file.document().flatMap(WgQuickFile::config);
    admission.ifPresent(all -> all.consider(fileName, file));
    boolean admitted = admission.map(all -> all.admits(fileName)).orElse(true);
    if (taken.isPresent() && wanted.isPresent() && admitted) {
      taken.get().put(fileName, file.document().orElseThrow());
    }
    if (tunnel != null && !heldDown.has(tunnel.name()) && admitted) {
      wanted.ifPresentOrElse(config -> apply(tunnel, config), tunnel::forgetFailures);
      if (wanted.isPresent() && tunnel.runs(wanted.get())) {
        admission.ifPresent(all -> all.runs(fileName));
      }
    }
    say(entry);
    if (!looking) {
      watchLimits();
    }
  }

  private void apply(FileTunnel tunnel, TunnelConfig wanted) {
    if (!tunnel.runs(wanted)) {
      List<PublicKey> keys =
          Stream.concat(wanted.peers().stream(), wanted.disabledPeers().stream())
              .map(PeerConfig::publicKey)
              .toList();
      numbers.give(tunnel.name(), keys);
      if (!looking) {
        writeNumbers();
      }
      if (tunnel.apply(wanted)) {
        configTally.applied(tunnel.name().fileName());
        applied++;
      }
      driftWatch.mayHaveChanged(tunnel.name().value());
    } else {
      tunnel.forgetFailures();
    }
  }

  private void writeNumbers() {
    try {
      numbers.write();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the numbers of peers could not be written down: " + e);
    }
  }

  /** Gathers the findings of an entry, and logs those that are new. */
  void say(Entry entry) {
    List<Finding> findings = new ArrayList<>();
    DroppedFile file = entry.file;
    if (file != null) {
      findings.addAll(
          admission.map(all -> all.findings(entry.fileName, file)).orElse(file.findings()));
    }
    FileTunnel tunnel = entry.tunnel;
    boolean waits = admission.map(all -> all.waits(entry.fileName)).orElse(false);
    boolean held = tunnel != null && heldDown.has(tunnel.name());
    if (held) {
      findings.add(TunnelFinding.HELD_DOWN.of(entry.fileName));
    } else if (tunnel != null) {
      findings.addAll(Admission.unsaid(tunnel.findings(), findings));
    }
    if (tunnel != null && tunnel.isBusy()) {
      findings.add(TunnelFinding.HOOKS_RUNNING.of(entry.fileName));
    }
    entry.meantToBeDown = held || waits || tunnel != null && tunnel.isBusy();
    for (Finding finding : findings) {
      if (!entry.findings.contains(finding)) {
        LOG.log(
            switch (finding.severity()) {
              case NOTE -> Level.INFO;
              case WARNING -> Level.WARNING;
              case ERROR -> Level.ERROR;
            },
            finding.toString());
      }
    }
    entry.findings = List.copyOf(findings);
    configTally.found(entry.fileName, entry.findings);
  }

  private FileTunnel tunnel(InterfaceName name) {
    FileTunnel tunnel =
        new FileTunnel(
            name,
            network,
            lastKnown,
            usage,
            listener -> new Endpoints(control, lookups, resolver, listener),
            hooks,
            System::nanoTime,
            this::lookSoon);
    tunnel.whenChangedByHand(() -> driftWatch.mayHaveChanged(name.value()));
    return tunnel;
  }

  private TunnelStatus status(Entry entry) {
    FileTunnel tunnel = entry.tunnel;
    String name =
        entry.fileName.substring(0, entry.fileName.length() - InterfaceName.SUFFIX.length());
    if (tunnel != null) {
      FileTunnel.View view = tunnel.view();
      if (view.running().isPresent() && view.config().isPresent()) {
        return StatusView.running(
            tunnel.name(),
            view.running().get(),
            view.config().get(),
            view.withheld(),
            view.since().getEpochSecond(),
            numbers,
            usage,
            entry.findings,
            tunnel.drift().lines());
      }
    }
    return StatusView.absent(
        entry.meantToBeDown ? TunnelStatus.State.DOWN : TunnelStatus.State.FAILED,
        TunnelDirectory.printable(name),
        entry.fileName,
        entry.findings);
  }

  /**
   * How bringing a tunnel up went. Returns when that is decided, so after its hooks.
   *
   * @param tunnel interface name
   */
  public Edit outcome(String tunnel) {
    return whenDone(answer -> whenDecided(tunnel, answer));
  }

  private void whenDecided(String name, CompletableFuture<Edit> answer) {
    Entry entry = entry(name);
    FileTunnel tunnel = entry == null ? null : entry.tunnel;
    if (entry == null || tunnel == null) {
      answer.complete(noSuchTunnel(name));
      return;
    }
    tunnel.whenIdle(
        () -> {
          say(entry);
          answer.complete(
              tunnel.isThere() ? new Edit.Done(entry.findings) : new Edit.Refused(entry.findings));
        });
  }

  private void upNow(String name, CompletableFuture<Edit> answer) {
    Entry entry = entry(name);
    FileTunnel tunnel = entry == null ? null : entry.tunnel;
    if (entry == null || tunnel == null || entry.file == null) {
      answer.complete(noSuchTunnel(name));
    } else if (tunnel.isBusy()) {
      tunnel.whenIdle(() -> upNow(name, answer));
    } else if (tunnel.isThere()) {
      answer.complete(refused(TunnelFinding.TUNNEL_IS_UP.of(entry.fileName)));
    } else if (!hold(tunnel.name(), false)) {
      answer.complete(refused(TunnelFinding.NOT_WRITTEN.of(entry.fileName, "see the log")));
    } else {
      tunnel.forgive();
      follow(entry.fileName, entry.file);
      whenDecided(name, answer);
    }
  }

  private void downNow(String name, CompletableFuture<Edit> answer) {
    Entry entry = entry(name);
    FileTunnel tunnel = entry == null ? null : entry.tunnel;
    if (entry == null || tunnel == null || entry.file == null) {
      answer.complete(noSuchTunnel(name));
    } else if (heldDown.has(tunnel.name())) {
      answer.complete(refused(TunnelFinding.TUNNEL_IS_DOWN.of(entry.fileName)));
    } else if (!hold(tunnel.name(), true)) {
      answer.complete(refused(TunnelFinding.NOT_WRITTEN.of(entry.fileName, "see the log")));
    } else {
      LOG.log(Level.INFO, name + " is taken down by the administrator");
      takeDown(entry);
      say(entry);
      tunnel.whenIdle(
          () -> {
            say(entry);
            answer.complete(new Edit.Done(entry.findings));
          });
    }
  }

  private Edit saveNow(String name, ChangeOrigin origin) {
    Entry entry = entry(name);
    FileTunnel tunnel = entry == null ? null : entry.tunnel;
    if (entry == null || tunnel == null || entry.file == null) {
      return noSuchTunnel(name);
    }
    if (tunnel.isBusy()) {
      return refused(TunnelFinding.TUNNEL_BUSY.of(entry.fileName));
    }
    if (!tunnel.isThere()) {
      return refused(TunnelFinding.NOT_RUNNING.of(entry.fileName));
    }
    Optional<Finding> trouble = writeState(entry, tunnel);
    if (trouble.isPresent()) {
      return refused(trouble.get());
    }
    follow(entry.fileName, entry.file);
    record(origin, "Running state of " + name + " saved");
    return new Edit.Done(entry.findings);
  }

  /** Writes what runs into the file, unless that says something else than what was applied last. */
  private Optional<Finding> writeState(Entry entry, FileTunnel tunnel) {
    Optional<WgQuickFile> applied = entry.applied();
    if (applied.isEmpty()) {
      return Optional.of(TunnelFinding.FILE_CHANGED.of(entry.fileName));
    }
    Path path = directory.path().resolve(entry.fileName);
    Optional<Finding> trouble = SaveConfig.write(path, applied.get(), tunnel.state());
    if (trouble.isEmpty()) {
      DroppedFile written = readAgain(entry.fileName);
      entry.file = written;
      written
          .document()
          .ifPresent(file -> admission.ifPresent(all -> all.approve(entry.fileName, file)));
    }
    return trouble;
  }

  Path pathOf(Entry entry) {
    return directory.path().resolve(entry.fileName);
  }

  /** Takes a file that was just written by ourselves. Control thread. */
  void takeWritten(Entry entry, ChangeOrigin origin) {
    follow(entry.fileName, readAgain(entry.fileName));
    record(origin, entry.fileName + " as it ran");
  }

  private DroppedFile readAgain(String fileName) {
    try {
      return directory.readNow(fileName, System.nanoTime());
    } catch (IOException e) {
      return DroppedFile.refused(TunnelFinding.UNREADABLE.of(fileName, e.toString()));
    }
  }

  @Nullable Entry entry(String name) {
    return InterfaceName.isLegal(name) ? entries.get(name + InterfaceName.SUFFIX) : null;
  }

  static Edit noSuchTunnel(String name) {
    String shown = InterfaceName.isLegal(name) ? name : "";
    return refused(TunnelFinding.NO_SUCH_TUNNEL.at(shown, 0, shown));
  }

  private Edit addPeerNow(String name, PeerConfig peer, ChangeOrigin origin) {
    Entry entry = entry(name);
    if (entry == null || entry.tunnel == null) {
      return noSuchTunnel(name);
    }
    try {
      var _ =
          new FilesEdit(desk)
              .make(new AddedPeer(entry.fileName, peer), /* dryRun= */ false, origin);
      return new Edit.Done(entry.findings);
    } catch (Refusal e) {
      return new Edit.Refused(e.findings());
    } catch (RefusedEdit e) {
      return refused(e.finding());
    }
  }

  /** Says what was done where nobody said why. */
  private void record(ChangeOrigin origin, String done) {
    String message = origin.message().isBlank() ? done : origin.message();
    taken.ifPresent(
        kept -> kept.record(new ChangeOrigin(origin.source(), origin.author(), message)));
  }

  static Edit refused(Finding finding) {
    return new Edit.Refused(List.of(finding));
  }

  /** For those who edit files. */
  private final class OwnDesk implements Desk {
    @Override
    public <T> T look(Supplier<T> task) {
      return onControlThread(task::get);
    }

    @Override
    public <T> T ask(Desk.Task<T> task) throws Refusal {
      CompletableFuture<T> answer = new CompletableFuture<>();
      onControlThread(
          () -> {
            try {
              return answer.complete(task.run());
            } catch (Refusal e) {
              return answer.completeExceptionally(e);
            }
          });
      try {
        return answer.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof Refusal refusal) {
          throw refusal;
        }
        throw e;
      }
    }

    @Override
    public Path directory() {
      return directory.path();
    }

    @Override
    public List<String> names() {
      return List.copyOf(entries.keySet());
    }

    @Override
    public Optional<DroppedFile> read(String name) {
      return Files.exists(directory.path().resolve(name), LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(directory.read(name))
          : Optional.empty();
    }

    @Override
    public SortedMap<String, WgQuickFile> documents() {
      SortedMap<String, WgQuickFile> documents = new TreeMap<>();
      entries.forEach(
          (name, entry) ->
              Optional.ofNullable(entry.file)
                  .flatMap(DroppedFile::document)
                  .ifPresent(document -> documents.put(name, document)));
      return documents;
    }

    @Override
    public Optional<FileTunnel> tunnel(String name) {
      return Optional.ofNullable(entries.get(name)).flatMap(e -> Optional.ofNullable(e.tunnel));
    }

    @Override
    public FileState state(String name) {
      Entry entry = entries.get(name);
      if (entry == null || entry.tunnel == null) {
        return FileState.FAILED;
      }
      if (entry.meantToBeDown) {
        return FileState.DOWN;
      }
      if (!entry.tunnel.isThere()) {
        return FileState.FAILED;
      }
      return Optional.ofNullable(entry.file)
          .flatMap(DroppedFile::document)
          .flatMap(WgQuickFile::config)
          .filter(entry.tunnel::runs)
          .map(config -> FileState.RUNNING)
          .orElse(FileState.EARLIER);
    }

    @Override
    public List<Finding> findings(String name) {
      return Optional.ofNullable(entries.get(name)).map(e -> e.findings).orElse(List.of());
    }

    @Override
    public HostFacts machine() {
      return admission.map(Admission::machine).orElse(HostFacts.UNKNOWN);
    }

    @Override
    public void admit(String name, WgQuickFile document) {
      admission.filter(all -> all.admits(name)).ifPresent(all -> all.approve(name, document));
    }

    @Override
    public boolean takes(String name, TunnelConfig wanted) {
      boolean waits = admission.filter(all -> all.waits(name)).isPresent();
      return tunnel(name)
          .filter(t -> waits || t.isBusy() || heldDown.has(t.name()) || t.runs(wanted))
          .isPresent();
    }

    @Override
    public void follow(String name) {
      if (Files.exists(directory.path().resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        Tunnels.this.follow(name, readAgain(name));
      } else {
        Optional.ofNullable(entries.get(name)).ifPresent(Tunnels.this::forget);
      }
    }

    @Override
    public PlanStatus plan(SortedMap<String, WgQuickFile> written, Set<String> removed) {
      return planNow(TunnelDirectory.asIfRead(List.copyOf(written.values())), removed::contains);
    }

    @Override
    public void found(SortedMap<String, WgQuickFile> documents) {
      taken.ifPresent(kept -> kept.found(documents));
    }

    @Override
    public void record(ChangeOrigin origin, String done) {
      Tunnels.this.record(origin, done);
    }
  }

  private Edit whenDone(Consumer<CompletableFuture<Edit>> task) {
    CompletableFuture<Edit> answer = new CompletableFuture<>();
    onControlThread(
        () -> {
          task.accept(answer);
          return true;
        });
    return answer.join();
  }

  <T> T onControlThread(Callable<T> task) {
    try {
      return control.submit(task).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the tunnels were asked", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
