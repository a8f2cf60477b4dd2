// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.gatehouse.daemon.interop.RestlessFile.Kind;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * People and programs that never stop: files are dropped, taken away and copied over, peers added,
 * old states restored, commits begun, confirmed and forgotten, peers changed by {@code wg set}, and
 * that saved. Every state is known before it is written.
 */
final class Restless implements AutoCloseable {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final List<Kind> KINDS =
      List.of(
          Kind.PLAIN,
          Kind.OWN_KEYS,
          Kind.WG_EASY,
          Kind.WG_DASHBOARD,
          Kind.PIVPN,
          Kind.TERSE,
          Kind.CRLF,
          Kind.SAVE_CONFIG,
          Kind.DEFAULT_ROUTE,
          Kind.GATEWAY,
          Kind.QUOTA,
          Kind.QUOTA,
          Kind.NAME_SERVERS,
          Kind.WRONG,
          Kind.PLAIN,
          Kind.OWN_KEYS);

  /** The last ones of them come and go. */
  private static final int GUESTS = 4;

  private final Path tunnels;
  private final Path control;
  private final Path uapi;
  private final WrittenStates written = new WrittenStates();
  private final List<RestlessFile> files = new ArrayList<>();
  private final ReentrantLock dropping = new ReentrantLock();
  private final ReentrantLock asking = new ReentrantLock();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicInteger changes = new AtomicInteger();
  private volatile boolean over;
  private volatile boolean copying;
  private volatile long acknowledgedUntil;

  Restless(NetworkNamespace where, Path tunnels, long seed) {
    this.tunnels = tunnels;
    this.control = where.home().resolve("gatehouse/control.sock");
    this.uapi = where.home().resolve("wireguard");
    Random random = new Random(seed);
    for (int i = 0; i < KINDS.size(); i++) {
      files.add(new RestlessFile("tun" + i, KINDS.get(i), i, random));
    }
    List<RestlessFile> facing = files.stream().filter(file -> file.kind() == Kind.QUOTA).toList();
    facing.getFirst().faces(facing.getLast());
    facing.getLast().faces(facing.getFirst());
    for (RestlessFile file : files) {
      drop(file, random);
    }
    pause();
    threads.add(Thread.ofPlatform().start(() -> forever(dropping, this::change, seed + 1)));
    threads.add(Thread.ofPlatform().start(() -> forever(asking, this::ask, seed + 2)));
  }

  List<RestlessFile> files() {
    return files;
  }

  WrittenStates written() {
    return written;
  }

  /** How many changes there were by now. */
  int changes() {
    return changes.get();
  }

  boolean isGuest(String fileName) {
    return files.subList(files.size() - GUESTS, files.size()).stream()
        .anyMatch(file -> file.fileName().equals(fileName));
  }

  /**
   * Until when a commit waits that was acknowledged and that nobody has tried to end, in Unix
   * milliseconds; 0 if there is none.
   */
  long acknowledgedUntil() {
    return acknowledgedUntil;
  }

  /** A commit is known to be over. */
  void commitIsOver() {
    acknowledgedUntil = 0;
  }

  /** Returns when nothing is being changed any more. */
  void pause() {
    dropping.lock();
    asking.lock();
  }

  /**
   * Goes on.
   *
   * @param alsoCopying whether files may be written in place: then there is half of one for a
   *     moment, which must not be the first that a data plane sees
   */
  void goOn(boolean alsoCopying) {
    Throwable broken = failure.get();
    if (broken != null) {
      throw new AssertionError("Those who write have failed", broken);
    }
    copying = alsoCopying;
    asking.unlock();
    dropping.unlock();
  }

  /** While paused. */
  void removeAll() throws IOException {
    for (RestlessFile file : files) {
      Files.deleteIfExists(tunnels.resolve(file.fileName()));
    }
  }

  @Override
  public void close() {
    over = true;
    if (dropping.isHeldByCurrentThread()) {
      goOn(false);
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Step {
    void run(Random random);
  }

  private void forever(ReentrantLock turn, Step step, long seed) {
    Random random = new Random(seed);
    try {
      while (!over) {
        turn.lock();
        try {
          for (int i = random.nextInt(4); i >= 0 && !over; i--) {
            step.run(random);
          }
        } finally {
          turn.unlock();
        }
        // So that the directory comes to rest between bursts.
        Eventually.pause(Duration.ofMillis(50 + random.nextInt(350)));
      }
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  private void change(Random random) {
    RestlessFile file = files.get(random.nextInt(files.size()));
    changes.incrementAndGet();
    if (isGuest(file.fileName()) && random.nextInt(3) == 0) {
      try {
        Files.deleteIfExists(tunnels.resolve(file.fileName()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else if (copying && random.nextInt(6) == 0) {
      copyOver(file, random);
    } else {
      drop(file, random);
    }
  }

  private void drop(RestlessFile file, Random random) {
    String text = file.next(random);
    written.add(file.fileName(), text);
    try {
      Path half = Files.createTempFile(tunnels.resolveSibling("half"), "half", "", OWNER_ONLY);
      Files.writeString(half, text);
      Files.move(half, tunnels.resolve(file.fileName()), ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As cp does it. */
  private void copyOver(RestlessFile file, Random random) {
    Path path = tunnels.resolve(file.fileName());
    String text = file.next(random);
    written.add(file.fileName(), text);
    try {
      if (Files.exists(path)) {
        Files.writeString(path, text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ask(Random random) {
    RestlessFile file = files.get(random.nextInt(files.size()));
    switch (random.nextInt(10)) {
      case 0, 1 -> addPeer(file, random);
      case 2, 3 -> restore(random);
      case 4 -> begin(random);
      case 5 -> end(random);
      case 6, 7 -> wgSet(file, random);
      case 8 -> answered("tunnel.save", tunnel(file));
      default -> {
        if (isGuest(file.fileName())) {
          answered(random.nextBoolean() ? "tunnel.down" : "tunnel.up", tunnel(file));
        }
      }
    }
  }

  private void addPeer(RestlessFile file, Random random) {
    int number = file.port() % 100 * 8 + random.nextInt(8);
    String key = RestlessFile.key(new Random(number));
    written.addPeer(key);
    var _ =
        answered(
            "peer.add",
            tunnel(file)
                .add("name", "added " + number)
                .add("publicKey", key)
                .add("allowedIps", Json.createArrayBuilder().add("10.250." + number + ".0/24"))
                .add("endpoint", "")
                .add("persistentKeepalive", 0));
  }

  private void restore(Random random) {
    Optional<JsonArray> revisions =
        answered("history.list", Json.createObjectBuilder().add("before", "").add("limit", 12))
            .map(list -> list.getJsonArray("revisions"))
            .filter(list -> !list.isEmpty());
    if (revisions.isPresent()) {
      JsonObject revision = revisions.get().getJsonObject(random.nextInt(revisions.get().size()));
      answered(
          "history.restore",
          Json.createObjectBuilder()
              .add("revision", revision.getString("id"))
              .add(
                  "file",
                  random.nextInt(3) == 0 ? "" : files.get(random.nextInt(files.size())).fileName())
              .add("origin", origin()));
    }
  }

  private void begin(Random random) {
    answered(
            "commit.begin",
            Json.createObjectBuilder()
                .add("seconds", 1 + random.nextInt(2))
                .add("origin", origin()))
        .ifPresent(commit -> acknowledgedUntil = commit.getJsonNumber("deadline").longValue());
  }

  private void end(Random random) {
    acknowledgedUntil = 0;
    answered(
        random.nextInt(3) == 0 ? "commit.revert" : "commit.confirm", Json.createObjectBuilder());
  }

  /** As {@code wg set} does it, without a process. */
  private void wgSet(RestlessFile file, Random random) {
    String peer = file.peers().get(random.nextInt(file.peers().size()));
    if (file.kind() != Kind.QUOTA) {
      changes.incrementAndGet();
      var _ =
          ControlLine.exchange(
              uapi.resolve(file.name() + ".sock"),
              "set=1\npublic_key=%s\nupdate_only=true\npersistent_keepalive_interval=%d\n\n"
                  .formatted(
                      HexFormat.of().formatHex(Base64.getDecoder().decode(peer)),
                      random.nextInt(60)),
              "\n\n");
    }
  }

  private Optional<JsonObject> answered(String method, JsonObjectBuilder params) {
    Optional<JsonObject> answer = ControlLine.ask(control, method, params.build());
    Optional<JsonObject> result =
        answer
            .filter(found -> found.containsKey("result"))
            .map(found -> found.getJsonObject("result"));
    answer
        .map(found -> found.getJsonObject("error"))
        .filter(error -> error.getInt("code") != -32000)
        .ifPresent(
            error -> {
              throw new AssertionError(method + " failed: " + error);
            });
    if (result.isPresent()) {
      changes.incrementAndGet();
    }
    return result;
  }

  private static JsonObjectBuilder tunnel(RestlessFile file) {
    return Json.createObjectBuilder().add("tunnel", file.name());
  }

  private static JsonObjectBuilder origin() {
    return Json.createObjectBuilder()
        .add("source", "COMMAND_LINE")
        .add("author", "restless")
        .add("message", "");
  }
}
