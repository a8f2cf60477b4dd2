// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.interop.RestlessFile.Kind;
import jakarta.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Kills the data plane again and again on a machine of its own, and looks at what is left: while
 * nothing runs, and once the next one serves.
 */
final class Kills implements AutoCloseable {
  /** More than it takes until all tunnels are there. */
  private static final int START_MILLIS = 2000;

  private static final int WORK_MILLIS = 1500;

  /** More than it takes until all tunnels are gone. */
  private static final int STOP_MILLIS = 600;

  /** What a data plane may leave for so many more lives is left for ever. */
  private static final int LIVES = 6;

  private static final Pattern DEADLINE = Pattern.compile("\"deadline\":([0-9]+)");
  private static final Pattern REVISION = Pattern.compile("\"revision\":\"([0-9a-f]{40})\"");

  /** Files of the state directory, and how each line of them looks. */
  private static final Map<String, Pattern> STATE_FILES =
      Map.of(
          "quota-usage", Pattern.compile("tun[0-9]+ \\S{43}= [0-9]+ [0-9]+"),
          "peer-numbers", Pattern.compile("tun[0-9]+ [0-9]+ \\S{43}="),
          "last-known",
              Pattern.compile("timestamp [0-9]+|tun[0-9]+ \\S{43}= \\S+ [0-9]+ [0-9]+ [0-9]+"),
          "held-down", Pattern.compile("tun[0-9]+"),
          "known-files", Pattern.compile("/.*|waits [0-9]+|[0-9a-f]{64} tun[0-9]+\\.conf"),
          "unconfirmed-commit", Pattern.compile("\\{\"revision\":.*}}"),
          "snmp.engine", Pattern.compile("#.*|engine [0-9a-f]+|boots [0-9]+"),
          "snmp.users", Pattern.compile("#.*|\\S.*"));

  private final Lab lab = new Lab();
  private final Path tunnels = Files.createDirectory(lab.gateway.home().resolve("tunnels"));
  private final Path state = Files.createDirectory(lab.gateway.home().resolve("state"));
  private final long seed;
  private final Random random;
  private final Restless restless;
  private final Map<Path, Integer> strange = new HashMap<>();
  private int kills;
  private int starts;
  private int boots;
  private Optional<Daemon> running = Optional.empty();
  private String lastLog = "";

  Kills(long seed) throws IOException {
    this.seed = seed;
    this.random = new Random(seed);
    Files.createDirectory(lab.gateway.home().resolve("half"));
    Openresolv.prepare(lab.gateway);
    restless = new Restless(lab.gateway, tunnels, seed);
  }

  /** Kills so often, and takes everything down at last. */
  void run(int count) {
    System.out.println("kills " + count + ", seed " + seed);
    try {
      while (kills < count) {
        if (kills % 2 == 1) {
          killWhileStarting();
        } else {
          killAtWork(random.nextInt(4) == 0);
        }
      }
      leaveNothing();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(
          "After " + kills + " kills of seed " + seed + ": " + e.getMessage() + "\n" + lastLog, e);
    }
    System.out.println(
        "%d kills, %d starts looked at, %d changes: nothing damaged, nothing left"
            .formatted(kills, starts, restless.changes()));
  }

  private void killWhileStarting() throws IOException {
    restless.goOn(false);
    Daemon daemon = start();
    Eventually.pause(Duration.ofMillis(random.nextInt(START_MILLIS)));
    kill(daemon);
  }

  private void killAtWork(boolean whileStopping) throws IOException {
    SortedMap<String, String> before = files();
    Path commit = state.resolve("unconfirmed-commit");
    String pending = Files.exists(commit) ? Files.readString(commit) : "";
    Daemon daemon = start();
    daemon.ready("the data plane serves", () -> daemon.log().contains("ready after"));
    converges(before, pending, daemon);
    starts++;
    restless.goOn(true);
    Eventually.pause(Duration.ofMillis(random.nextInt(WORK_MILLIS)));
    if (whileStopping) {
      ProcessHandle.of(daemon.pid()).ifPresent(ProcessHandle::destroy);
      Eventually.pause(Duration.ofMillis(random.nextInt(STOP_MILLIS)));
    }
    kill(daemon);
  }

  private Daemon start() {
    Daemon daemon =
        lab.gateway.start(
            Map.of(
                "GATEHOUSE_STATE_DIRECTORY",
                state.toString(),
                "GATEHOUSE_HISTORY_SIZE",
                "1",
                "JDK_JAVA_OPTIONS",
                "-XX:TieredStopAtLevel=1"),
            Openresolv.with(
                lab.gateway,
                Gatehouse.program("gatehouse-dataplane"),
                "--tunnels",
                tunnels.toString()));
    running = Optional.of(daemon);
    return daemon;
  }

  private void kill(Daemon daemon) throws IOException {
    daemon.kill();
    lastLog = daemon.log();
    daemon.close();
    running = Optional.empty();
    kills++;
    restless.pause();
    nothingIsDamaged();
  }

  /** While nothing runs. */
  private void nothingIsDamaged() throws IOException {
    SortedMap<String, String> files = files();
    files.forEach(
        (name, text) ->
            assertThat(restless.written().isState(name, text))
                .as("%s is a state that somebody wrote:\n%s", name, text)
                .isTrue());
    for (RestlessFile file : restless.files()) {
      assertThat(files.containsKey(file.fileName()) || restless.isGuest(file.fileName()))
          .as("%s is there, which nobody took away", file.fileName())
          .isTrue();
    }
    for (Map.Entry<String, Pattern> file : STATE_FILES.entrySet()) {
      Path path = state.resolve(file.getKey());
      if (Files.exists(path)) {
        assertThat(Files.readString(path, ISO_8859_1)).as(file.getKey()).matches("(?s)|.*\n");
        assertThat(Files.readAllLines(path, ISO_8859_1))
            .as(file.getKey())
            .allMatch(line -> file.getValue().matcher(line).matches());
      }
    }
    bootsOnlyRise();
    if (System.currentTimeMillis() < restless.acknowledgedUntil()) {
      assertThat(state.resolve("unconfirmed-commit")).as("a commit that was acknowledged").exists();
    }
    nothingStaysHalfWay();
    if (Files.exists(state.resolve("history/HEAD"))) {
      assertThat(
              Command.run(
                      List.of(
                          "git",
                          "-C",
                          state.resolve("history").toString(),
                          "fsck",
                          "--full",
                          "--strict",
                          "--no-dangling"))
                  .succeeded()
                  .lines()
                  .filter(line -> !line.startsWith("notice: HEAD points to an unborn branch")))
          .as("what git says about the history")
          .isEmpty();
    }
  }

  private void bootsOnlyRise() throws IOException {
    Path engine = state.resolve("snmp.engine");
    if (Files.exists(engine)) {
      Matcher now = Pattern.compile("(?s).*boots ([0-9]+)\n").matcher(Files.readString(engine));
      assertThat(now.matches()).isTrue();
      assertThat(Integer.parseInt(now.group(1))).isGreaterThanOrEqualTo(boots);
      boots = Integer.parseInt(now.group(1));
    }
  }

  /** What is there but has no place: for a while, since only who writes again sweeps. */
  private void nothingStaysHalfWay() throws IOException {
    Set<Path> now = new TreeSet<>();
    for (Path file : all(tunnels)) {
      if (file.getFileName().toString().startsWith(".")) {
        now.add(file);
      }
    }
    for (Path file : all(state)) {
      String path = state.relativize(file).toString();
      boolean known =
          STATE_FILES.containsKey(path)
              || path.matches("leftovers/tun[0-9]+")
              || path.matches("history/(HEAD|config|shallow|packed-refs|last-state)")
              || path.matches("history/refs/heads/main|history/(logs|branches|info|hooks)/.*")
              || path.matches("history/objects/[0-9a-f]{2}/[0-9a-f]{38}")
              || path.matches("history/objects/(info/packs|info/commit-graph)")
              || path.matches("history/objects/pack/pack-[0-9a-f]{40}\\.[a-z]+");
      if (!known) {
        now.add(file);
      }
    }
    for (Path file : all(lab.gateway.home().resolve("gatehouse"))) {
      if (!file.endsWith("control.sock")) {
        now.add(file);
      }
    }
    strange.keySet().retainAll(now);
    now.forEach(file -> strange.merge(file, 1, Integer::sum));
    assertThat(strange)
        .as("what was left half-way %d lives ago", LIVES)
        .allSatisfy((file, lives) -> assertThat(lives).isLessThan(LIVES));
  }

  private void converges(SortedMap<String, String> before, String pending, Daemon daemon)
      throws IOException {
    Path commit = state.resolve("unconfirmed-commit");
    SortedMap<String, String> wanted = before;
    if (!pending.isEmpty()) {
      Matcher deadline = DEADLINE.matcher(pending);
      Matcher revision = REVISION.matcher(pending);
      assertThat(deadline.find() && revision.find()).as(pending).isTrue();
      eventually("the commit is gone back from", () -> !Files.exists(commit), daemon::log);
      assertThat(System.currentTimeMillis())
          .as("not before its deadline")
          .isGreaterThanOrEqualTo(Long.parseLong(deadline.group(1)));
      SortedMap<String, String> then = revision(revision.group(1));
      wanted = new TreeMap<>(then);
      for (RestlessFile file : restless.files()) {
        String text = before.get(file.fileName());
        if (text != null && file.kind() == Kind.WRONG) {
          wanted.putIfAbsent(file.fileName(), text);
        }
      }
    }
    restless.commitIsOver();
    Set<String> held = new TreeSet<>();
    Path heldDown = state.resolve("held-down");
    if (Files.exists(heldDown)) {
      held.addAll(Files.readAllLines(heldDown));
    }
    List<RestlessFile> inForce =
        restless.files().stream()
            .filter(file -> file.kind() != Kind.WRONG && !held.contains(file.name()))
            .toList();
    Set<String> expected = FilesInForce.expected(wanted, inForce);
    // Asking the machine costs more than reading a log.
    SortedMap<String, String> texts = wanted;
    eventually(
        "all tunnels are up",
        () -> saysOfAll(daemon.log(), inForce, texts),
        () -> difference(expected, found()) + daemon.log());
    eventually(
        "the machine is what the files say",
        () -> found().equals(expected),
        () -> difference(expected, found()) + daemon.log());
    assertThat(files()).as("the files, which only others may change").isEqualTo(wanted);
    SortedMap<String, String> valid = new TreeMap<>(wanted);
    restless.files().stream()
        .filter(file -> file.kind() == Kind.WRONG)
        .forEach(file -> valid.remove(file.fileName()));
    eventually("the newest revision is what is there", () -> newest().equals(valid), daemon::log);
    if (!Files.exists(state.resolve("snmp.users"))) {
      ControlLine.ask(
          lab.gateway.home().resolve("gatehouse/control.sock"),
          "snmp.user.add",
          Json.createObjectBuilder()
              .add("name", "station")
              .add("authPassphrase", "a long passphrase")
              .add("privPassphrase", "another passphrase")
              .build());
    }
  }

  private static boolean saysOfAll(
      String log, List<RestlessFile> tunnels, SortedMap<String, String> files) {
    return tunnels.stream()
        .filter(tunnel -> files.containsKey(tunnel.fileName()))
        .allMatch(tunnel -> log.contains(" " + tunnel.name() + " runs as its file says"));
  }

  private Set<String> found() {
    return FilesInForce.found(
        lab.gateway.run("sh", "-c", FilesInForce.SCRIPT), Openresolv.records(lab.gateway).keySet());
  }

  private static String difference(Set<String> expected, Set<String> found) {
    StringBuilder text = new StringBuilder();
    expected.stream()
        .filter(line -> !found.contains(line))
        .forEach(line -> text.append("  missing: ").append(line).append('\n'));
    found.stream()
        .filter(line -> !expected.contains(line))
        .forEach(line -> text.append("  too much: ").append(line).append('\n'));
    return text.toString();
  }

  private SortedMap<String, String> newest() {
    try {
      return revision("HEAD");
    } catch (IOException e) {
      // It is being written.
      return new TreeMap<>();
    }
  }

  private SortedMap<String, String> revision(String name) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Repository repository =
            new FileRepositoryBuilder()
                .setGitDir(state.resolve("history").toFile())
                .setMustExist(true)
                .build();
        TreeWalk walk = new TreeWalk(repository)) {
      ObjectId tree = repository.resolve(name + "^{tree}");
      if (tree == null) {
        throw new IOException("no revision " + name);
      }
      walk.addTree(tree);
      while (walk.next()) {
        files.put(
            walk.getPathString(),
            new String(repository.open(walk.getObjectId(0)).getBytes(), ISO_8859_1));
      }
    }
    return files;
  }

  private SortedMap<String, String> files() throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    for (Path file : all(tunnels)) {
      String name = file.getFileName().toString();
      if (!name.startsWith(".")) {
        files.put(name, Files.readString(file, ISO_8859_1));
      }
    }
    return files;
  }

  private static List<Path> all(Path directory) throws IOException {
    while (Files.isDirectory(directory)) {
      try (var files = Files.walk(directory)) {
        return new ArrayList<>(files.filter(file -> !Files.isDirectory(file)).toList());
      } catch (UncheckedIOException e) {
        // What runs may put files in the place of others meanwhile.
        if (!(e.getCause() instanceof NoSuchFileException)) {
          throw e;
        }
      }
    }
    return List.of();
  }

  private List<Path> leftovers() {
    try {
      return all(state.resolve("leftovers"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without files, nothing is left of all of it; after a crash as well. */
  private void leaveNothing() throws IOException {
    restless.removeAll();
    Files.deleteIfExists(state.resolve("unconfirmed-commit"));
    Daemon daemon = start();
    daemon.ready("the data plane serves", () -> daemon.log().contains("ready after"));
    Set<String> bare = FilesInForce.expected(Map.of(), restless.files());
    eventually(
        "nothing is left",
        () -> found().equals(bare),
        () -> difference(bare, found()) + daemon.log());
    eventually("no leftovers are noted", () -> leftovers().isEmpty(), daemon::log);
    assertThat(all(tunnels)).isEmpty();
    daemon.close();
    running = Optional.empty();
  }

  @Override
  public void close() {
    try {
      restless.close();
    } finally {
      running.ifPresent(Daemon::kill);
      lab.close();
    }
  }
}
