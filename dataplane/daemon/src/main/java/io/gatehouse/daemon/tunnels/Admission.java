// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.Checks;
import io.gatehouse.wgquick.check.HostFacts;
import io.gatehouse.wgquick.check.HostFacts.HostInterface;
import io.gatehouse.wgquick.check.Neighbours;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides which files of the directory may be applied, and says what the checks find about each.
 *
 * <p>Nothing that works is to get worse by a file: a change of a tunnel is held back by an error
 * that it brings in; a tunnel that does not run yet only by one that takes something from somebody
 * else. What has run before, and what an administrator has approved, is not held back. In a
 * directory that waits for its first approval everything else is.
 *
 * <p>A file is compared with its {@link Neighbours} only, so a look costs as much as has changed.
 * Control thread.
 */
final class Admission {
  private static final Logger LOG = System.getLogger(Admission.class.getName());

  /** What the kernel itself refuses at the right moment, so that nothing of a change is done. */
  private static final String LEFT_TO_THE_KERNEL = FindingCode.PORT_IN_USE.code();

  /** The checks know the line and the fix. */
  private static final Set<String> SAID_BY_BOTH =
      Set.of(
          FindingCode.OWN_KEY.code(), FindingCode.HOOKS_OFF.code(), FindingCode.PORT_IN_USE.code());

  /** So many looks may facts be waited for; then the last ones must do. */
  private static final int PATIENCE = 10;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private enum Verdict {
    ADMITTED,
    HELD_BACK,
    WAITS
  }

  private record Decision(Verdict verdict, List<Finding> findings) {}

  /** A file as it was looked at last. */
  private record Seen(DroppedFile file, boolean down, Optional<PublicKey> ownKey) {
    Optional<WgQuickFile> valid() {
      return file.document().filter(document -> document.config().isPresent());
    }
  }

  private final KnownFiles known;
  private final HeldDown heldDown;
  private final MachineFacts facts;
  private final boolean hooksRun;

  /** What runs, or is to run. */
  private final Neighbours inForce = new Neighbours();

  private final Map<String, Seen> seen = new HashMap<>();
  private final Map<String, Decision> decisions = new HashMap<>();
  private HostFacts lastFacts = HostFacts.UNKNOWN;
  private HostFacts factsWithNames = HostFacts.UNKNOWN;
  private int waited;
  private boolean sayFirst;

  Admission(KnownFiles known, HeldDown heldDown, MachineFacts facts, boolean hooksRun) {
    this.known = known;
    this.heldDown = heldDown;
    this.facts = facts;
    this.hooksRun = hooksRun;
  }

  /**
   * For a directory.
   *
   * @throws IOException if what is known of it cannot be read or written down
   */
  static Admission of(Tunnels.Options options, HeldDown heldDown, InstantSource clock)
      throws IOException {
    boolean hooksRun = options.hooks().isPresent();
    KnownFiles known =
        KnownFiles.read(
            options.stateDirectory().resolve("known-files"), options.directory().toAbsolutePath());
    MachineFacts facts =
        new MachineFacts(
            options.host()::facts, task -> Thread.ofPlatform().name("facts").daemon().start(task));
    Admission admission = new Admission(known, heldDown, facts, hooksRun);
    admission.begin(options.first(), clock);
    return admission;
  }

  /**
   * Prepares for a directory, which lets its files wait for approval if this is its first start.
   *
   * @throws IOException if that cannot be written down, or the directory not read
   */
  void begin(FirstStart first, InstantSource clock) throws IOException {
    boolean isFirst = known.isFirst();
    if (first == FirstStart.APPLY) {
      known.goOn();
    } else if (isFirst) {
      known.await(clock.instant());
    }
    known.write();
    sayFirst = isFirst && known.waitsSince().isEmpty();
  }

  private void sayOutlines(Collection<WgQuickFile> files) {
    for (WgQuickFile file : files) {
      file.config()
          .ifPresent(
              config ->
                  LOG.log(
                      Level.INFO,
                      "first start here, and "
                          + file.fileName()
                          + " brings up "
                          + Outline.of(config, hooksRun)));
    }
  }

  MachineFacts facts() {
    return facts;
  }

  /** What is known of the machine, for checks of several files with each other. */
  HostFacts machine() {
    return factsWithNames;
  }

  /** Has the machine looked at again, as something may have changed there. */
  void refresh() {
    Set<Integer> ports = new HashSet<>();
    seen.values().forEach(each -> port(each.file).ifPresent(ports::add));
    facts.refresh(ports);
  }

  /**
   * Whether what a look has found can be decided now. While files settle the machine is looked at,
   * so that mostly nothing has to wait.
   */
  boolean isReady(TunnelDirectory.Look look) {
    Set<Integer> ports = new HashSet<>();
    look.files().values().forEach(file -> port(file).ifPresent(ports::add));
    if (look.unsettled() && facts.isCurrent()) {
      facts.refresh(ports);
    }
    boolean decided =
        look.files().entrySet().stream()
            .allMatch(file -> isDecided(file.getKey(), file.getValue()));
    if (decided || facts.isCurrent() || ++waited > PATIENCE) {
      waited = 0;
      return true;
    }
    return false;
  }

  private boolean isDecided(String name, DroppedFile file) {
    Seen before = seen.get(name);
    return before != null && before.file.equals(file)
        || file.document()
            .filter(document -> document.config().isPresent() && !known.has(name, document))
            .isEmpty();
  }

  private static Optional<Integer> port(DroppedFile file) {
    return file.document()
        .flatMap(WgQuickFile::config)
        .flatMap(config -> config.listenPort().stream().boxed().findFirst());
  }

  /** Takes what is in the directory, and decides about what has changed or is affected by it. */
  void consider(SortedMap<String, DroppedFile> files) {
    SortedMap<String, Optional<DroppedFile>> changed = new TreeMap<>();
    for (String name : seen.keySet()) {
      if (!files.containsKey(name)) {
        changed.put(name, Optional.empty());
      }
    }
    files.forEach(
        (name, file) -> {
          Seen before = seen.get(name);
          if (before == null || !before.file.equals(file) || before.down != isDown(name)) {
            changed.put(name, Optional.of(file));
          }
        });
    decide(changed);
  }

  /** As above, about one file. */
  void consider(String name, DroppedFile file) {
    Seen before = seen.get(name);
    if (before == null || !before.file.equals(file) || before.down != isDown(name)) {
      decide(new TreeMap<>(Map.of(name, Optional.of(file))));
    }
  }

  /** A file is gone. */
  void forget(String name) {
    if (seen.containsKey(name)) {
      decide(new TreeMap<>(Map.of(name, Optional.empty())));
    }
  }

  /** What a tunnel has to say beyond what the checks have said about it already. */
  static List<Finding> unsaid(List<Finding> byTunnel, List<Finding> byChecks) {
    return byTunnel.stream()
        .filter(
            finding ->
                !SAID_BY_BOTH.contains(finding.code())
                    || byChecks.stream().noneMatch(said -> said.code().equals(finding.code())))
        .toList();
  }

  /** Whether a file may be applied. */
  boolean admits(String name) {
    Decision decision = decisions.get(name);
    return decision == null || decision.verdict == Verdict.ADMITTED;
  }

  /** Whether a file waits to be approved. */
  boolean waits(String name) {
    Decision decision = decisions.get(name);
    return decision != null && decision.verdict == Verdict.WAITS;
  }

  /** What is to be said about a file: of itself, of its text and by the checks. */
  List<Finding> findings(String name, DroppedFile file) {
    Decision decision = decisions.get(name);
    Seen last = seen.get(name);
    return decision == null || last == null || !last.file.equals(file)
        ? file.findings()
        : with(file, decision.findings);
  }

  /** Why a text would be held back if it were in a file of its name now, if it would. */
  Optional<Finding> wouldHoldBack(WgQuickFile file) {
    List<Finding> causes =
        file.config().isPresent() ? causes(file, inForce.get(file.fileName())) : List.of();
    return causes.isEmpty() ? Optional.empty() : Optional.of(heldBack(file.fileName(), causes));
  }

  private static Finding heldBack(String name, List<Finding> causes) {
    String codes = causes.stream().map(Finding::code).distinct().collect(Collectors.joining(", "));
    return TunnelFinding.HELD_BACK.of(name, codes, tunnel(name));
  }

  private static String tunnel(String name) {
    return InterfaceName.ofFile(name).map(InterfaceName::value).orElse(name);
  }

  /** What a file would be told as it is. Changes nothing. */
  List<Finding> wouldFind(DroppedFile file) {
    return file.document().map(document -> with(file, wouldFind(document))).orElse(file.findings());
  }

  /** What is said of the file, with what is said of its text in place of what the reader says. */
  private static List<Finding> with(DroppedFile file, List<Finding> ofText) {
    List<Finding> findings = new ArrayList<>(file.findings());
    file.document().ifPresent(document -> findings.removeAll(document.findings()));
    findings.addAll(ofText);
    return findings;
  }

  /** What a text would be told if it were in a file of that name. Changes nothing. */
  List<Finding> wouldFind(WgQuickFile file) {
    return Checks.findings(List.of(file), inForce.of(file), factsFor(file));
  }

  /**
   * Lets files be applied that wait or are held back, as they are now.
   *
   * @param names of files; empty for all
   * @return those that are no longer held up, sorted
   */
  List<String> approve(Collection<String> names) {
    SortedSet<String> approved = new TreeSet<>();
    decisions.forEach(
        (name, decision) -> {
          if (decision.verdict != Verdict.ADMITTED && (names.isEmpty() || names.contains(name))) {
            approved.add(name);
          }
        });
    approved.forEach(this::approve);
    boolean others =
        decisions.entrySet().stream()
            .anyMatch(
                each ->
                    each.getValue().verdict == Verdict.WAITS && !approved.contains(each.getKey()));
    if (names.isEmpty() || !others) {
      known.goOn();
    }
    write();
    SortedMap<String, Optional<DroppedFile>> again = new TreeMap<>();
    approved.forEach(
        name ->
            Optional.ofNullable(seen.get(name))
                .ifPresent(each -> again.put(name, Optional.of(each.file))));
    decide(again);
    return List.copyOf(approved);
  }

  private void approve(String name) {
    Optional.ofNullable(seen.get(name))
        .flatMap(Seen::valid)
        .ifPresent(document -> known.put(name, document));
  }

  /** What is about to be written at the word of an administrator, who need not say it twice. */
  void approve(String name, WgQuickFile document) {
    known.put(name, document);
  }

  /** A file runs as it is. */
  void runs(String name) {
    approve(name);
  }

  /** Writes down what has changed. */
  void write() {
    try {
      known.write();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "which files have run could not be written down: " + e);
    }
  }

  private boolean isDown(String name) {
    return InterfaceName.ofFile(name).filter(heldDown::has).isPresent();
  }

  // ---- deciding

  /**
   * Decides anew.
   *
   * @param changed files by name, empty for those that are gone
   */
  private void decide(SortedMap<String, Optional<DroppedFile>> changed) {
    for (Map.Entry<String, Optional<DroppedFile>> file : changed.entrySet()) {
      String name = file.getKey();
      if (file.getValue().isEmpty()) {
        seen.remove(name);
        decisions.remove(name);
        known.remove(name);
      } else {
        DroppedFile dropped = file.getValue().get();
        Optional<PublicKey> ownKey =
            dropped.document().flatMap(WgQuickFile::config).flatMap(OwnKey::of);
        seen.put(name, new Seen(dropped, isDown(name), ownKey));
      }
    }
    boolean otherFacts = takeFacts(!changed.isEmpty());
    if (changed.isEmpty() && !otherFacts) {
      return;
    }
    Set<String> affected = new HashSet<>(otherFacts ? seen.keySet() : changed.keySet());
    for (String name : changed.keySet()) {
      Seen now = seen.get(name);
      if (now == null || now.down) {
        affected.addAll(inForce.remove(name));
      }
    }
    admit(candidates(changed.keySet()), affected);
    for (String name : affected) {
      Seen now = seen.get(name);
      if (now != null) {
        decisions.put(name, decision(name, now));
      }
    }
  }

  /** The files that somebody has changed, and those that were held up before. */
  private SortedMap<String, WgQuickFile> candidates(Set<String> changed) {
    Set<String> names = new HashSet<>(changed);
    decisions.forEach(
        (name, decision) -> {
          if (decision.verdict != Verdict.ADMITTED) {
            names.add(name);
          }
        });
    SortedMap<String, WgQuickFile> candidates = new TreeMap<>();
    for (String name : names) {
      Seen now = seen.get(name);
      if (now != null && !now.down) {
        now.valid().ifPresent(document -> candidates.put(name, document));
      }
    }
    return candidates;
  }

  private void admit(SortedMap<String, WgQuickFile> candidates, Set<String> affected) {
    affected.addAll(candidates.keySet());
    if (sayFirst && !candidates.isEmpty()) {
      sayFirst = false;
      sayOutlines(candidates.values());
    }
    // What runs is changed at once, so that two may exchange what they have, and changed back
    // where that does harm; what is back may be in the way of another one again.
    Map<String, WgQuickFile> before = new TreeMap<>();
    List<WgQuickFile> fresh = new ArrayList<>();
    candidates.forEach(
        (name, document) -> {
          if (known.waitsSince().isPresent() && !known.has(name)) {
            return;
          }
          Optional<WgQuickFile> old = inForce.get(name);
          if (old.isPresent()) {
            before.put(name, old.get());
            affected.addAll(inForce.put(document));
          } else if (known.has(name, document)) {
            // Those that ran before come before those that never did.
            affected.addAll(inForce.put(document));
          } else {
            fresh.add(document);
          }
        });
    boolean again = true;
    while (again) {
      again =
          before
              .entrySet()
              .removeIf(
                  change -> {
                    WgQuickFile document = candidates.get(change.getKey());
                    if (document == null
                        || causes(document, Optional.of(change.getValue())).isEmpty()) {
                      return false;
                    }
                    affected.addAll(inForce.put(change.getValue()));
                    return true;
                  });
    }
    for (WgQuickFile document : fresh) {
      if (causes(document, Optional.empty()).isEmpty()) {
        affected.addAll(inForce.put(document));
      }
    }
  }

  /**
   * Whether somebody else loses something: whoever administers the machine, or another tunnel its
   * route. Default routes stand in a table of their own, and two of them come up under wg-quick(8).
   */
  private static boolean takesFromOthers(Finding finding) {
    return finding.code().equals(FindingCode.SESSION_CUT_OFF.code())
        || finding.code().equals(FindingCode.ROUTE_SHARED.code())
            && !finding.value().endsWith("/0");
  }

  /** Why a text must not be applied. */
  private List<Finding> causes(WgQuickFile document, Optional<WgQuickFile> before) {
    if (known.has(document.fileName(), document)) {
      return List.of();
    }
    List<Finding> errors =
        wouldFind(document).stream()
            .filter(finding -> finding.severity() == Severity.ERROR)
            .filter(finding -> !finding.code().equals(LEFT_TO_THE_KERNEL))
            .filter(finding -> before.isPresent() || takesFromOthers(finding))
            .toList();
    if (errors.isEmpty() || before.isEmpty()) {
      return errors;
    }
    Set<List<String>> had =
        wouldFind(before.get()).stream().map(PeerConflicts::what).collect(Collectors.toSet());
    return errors.stream().filter(finding -> !had.contains(PeerConflicts.what(finding))).toList();
  }

  private Decision decision(String name, Seen now) {
    Optional<WgQuickFile> valid = now.valid();
    if (valid.isEmpty() || now.down) {
      List<Finding> ofReader = now.file.document().map(WgQuickFile::findings).orElse(List.of());
      // A file with an error waits like any other, and so does one that is put right later.
      return new Decision(Verdict.ADMITTED, ofReader);
    }
    WgQuickFile document = valid.get();
    List<Finding> findings = new ArrayList<>(wouldFind(document));
    if (inForce.get(name).filter(running -> running.equals(document)).isPresent()) {
      return new Decision(Verdict.ADMITTED, findings);
    }
    Optional<Instant> since = known.waitsSince();
    if (since.isPresent() && !known.has(name)) {
      String outline = document.config().map(config -> Outline.of(config, hooksRun)).orElse("");
      findings.add(
          TunnelFinding.WAITS_FOR_APPROVAL.of(
              name,
              since.get().atZone(ZoneId.systemDefault()).format(TIME),
              outline,
              tunnel(name)));
      return new Decision(Verdict.WAITS, findings);
    }
    findings.add(heldBack(name, causes(document, inForce.get(name))));
    return new Decision(Verdict.HELD_BACK, findings);
  }

  // ---- facts

  /**
   * Takes the newest facts, without what is of our own tunnels: that is compared by their files.
   *
   * @param names whether the names of our tunnels may be others
   * @return whether anything is different
   */
  private boolean takeFacts(boolean names) {
    HostFacts all = facts.latest();
    Set<String> own = new HashSet<>();
    seen.keySet().forEach(name -> InterfaceName.ofFile(name).ifPresent(n -> own.add(n.value())));
    HostFacts others =
        new HostFacts(
            all.interfaces().stream().filter(each -> !own.contains(each.name())).toList(),
            all.usedPorts(),
            all.defaultInterfaces().stream().filter(name -> !own.contains(name)).toList(),
            all.sessions(),
            all.pathMtu(),
            all.names(),
            Map.of(),
            hooksRun);
    boolean different = !others.equals(lastFacts);
    if (different || names) {
      lastFacts = others;
      List<HostInterface> interfaces = new ArrayList<>(others.interfaces());
      if (!interfaces.isEmpty()) {
        own.forEach(name -> interfaces.add(new HostInterface(name, List.of())));
      }
      factsWithNames =
          new HostFacts(
              interfaces,
              others.usedPorts(),
              others.defaultInterfaces(),
              others.sessions(),
              others.pathMtu(),
              others.names(),
              Map.of(),
              hooksRun);
    }
    return different;
  }

  private HostFacts factsFor(WgQuickFile file) {
    Optional<String> tunnel = file.interfaceName().map(InterfaceName::value);
    Seen last = seen.get(file.fileName());
    Optional<PublicKey> key =
        last != null && last.valid().filter(document -> document.equals(file)).isPresent()
            ? last.ownKey
            : file.config().flatMap(OwnKey::of);
    return tunnel.isPresent() && key.isPresent()
        ? factsWithNames.withOwnKeys(Map.of(tunnel.get(), key.get()))
        : factsWithNames;
  }
}
