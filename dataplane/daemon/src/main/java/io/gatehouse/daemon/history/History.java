// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The states of the tunnel directory, oldest to newest, in a bare git repository that stock git
 * reads. Thread-safe. Writing happens on a thread of its own, one state after the other; reading on
 * the caller's.
 *
 * <p>The repository has the files as they were, secrets included, and is for its owner alone. What
 * {@link #diff} and {@link #list} give has none; {@link #files} has.
 */
public final class History implements AutoCloseable {
  private static final Logger LOG = System.getLogger(History.class.getName());

  private static final Pattern ID = Pattern.compile("[0-9a-f]{40}");
  private static final int LONGEST_MESSAGE = 4000;
  private static final int LONGEST_AUTHOR = 100;
  private static final long PATIENCE_SECONDS = 10;

  /** Where a message says how the change came. */
  static final String SOURCE = "Source";

  private final Path directory;
  private final Path last;
  private final long limit;
  private @Nullable Store store;
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("history").daemon().factory());
  private volatile Optional<String> pinned = Optional.empty();
  private volatile String trouble = "";
  private volatile CompletableFuture<String> newest = CompletableFuture.completedFuture("");

  /**
   * The history in a directory, which is made with the first state.
   *
   * @param directory for nothing else; the one above must be there
   * @param limit how large it may grow, in octets
   */
  public History(Path directory, long limit) {
    this.last = directory.resolve("last-state");
    this.limit = limit;
    this.directory = directory;
    writer.allowCoreThreadTimeOut(true);
  }

  /**
   * Writes a state down, unless the newest one is the same. Returns at once.
   *
   * @param files by name; must not be changed any more
   * @return the id of the newest revision; exceptionally an {@link IOException} if it could not be
   *     written, which the log says too
   */
  public CompletableFuture<String> record(
      SortedMap<String, WgQuickFile> files, ChangeOrigin origin, Instant time) {
    CompletableFuture<String> written = new CompletableFuture<>();
    newest = written;
    try {
      writer.execute(() -> write(files, origin, time, written));
    } catch (RejectedExecutionException e) {
      written.completeExceptionally(new IOException("the data plane ends", e));
    }
    return written;
  }

  /** A revision that must not be dropped, whatever room it takes; replaces the one before. */
  public void pin(Optional<String> revision) {
    pinned = revision;
  }

  /**
   * A page of it.
   *
   * @throws NoSuchRevisionException if the one that the page is to begin behind is not there
   */
  public RevisionList list(RevisionRange range) throws IOException, NoSuchRevisionException {
    if (range.before().isEmpty()) {
      awaitNewest();
      if (!isThere()) {
        return new RevisionList(List.of(), false);
      }
    }
    return revisions(range.before()).list(range);
  }

  /**
   * One of it.
   *
   * @param revision id, the beginning of one, {@code HEAD} or {@code HEAD~N}
   */
  public Revision revision(String revision) throws IOException, NoSuchRevisionException {
    return revisions(revision).revision(revision);
  }

  /**
   * What differs between two revisions, as a unified diff without secrets.
   *
   * @param from as in {@link #revision}
   * @param to as in {@link #revision}
   */
  public String diff(String from, String to) throws IOException, NoSuchRevisionException {
    return revisions(from).diff(from, to);
  }

  /** What a revision changed, in the same form; for the oldest one all there was. */
  public String diff(String revision) throws IOException, NoSuchRevisionException {
    return revisions(revision).diff(revision);
  }

  /**
   * The files of a revision with all that is in them, secrets too.
   *
   * @param revision as in {@link #revision}
   */
  public SortedMap<String, byte[]> files(String revision)
      throws IOException, NoSuchRevisionException {
    return revisions(revision).files(revision);
  }

  /** The id that git gives the content of a file, 40 hexadecimal digits: its version. */
  public static String version(byte[] content) {
    return GitTree.blob(content);
  }

  /**
   * The content that a file had in some revision, with all that is in it.
   *
   * @param version its id, whole
   * @return empty if no revision has it
   */
  public Optional<byte[]> content(String version) throws IOException {
    if (!ID.matcher(version).matches()) {
      return Optional.empty();
    }
    awaitNewest();
    return isThere() ? new Revisions(directory).content(version) : Optional.empty();
  }

  /** Waits for what is still to be written, some seconds at most. Idempotent. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "the history was not done in time; the next start goes on with it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(
      SortedMap<String, WgQuickFile> files,
      ChangeOrigin origin,
      Instant time,
      CompletableFuture<String> written) {
    try {
      String tree = GitTree.id(files);
      Optional<String> same = lastIf(tree);
      if (same.isPresent()) {
        written.complete(same.get());
        return;
      }
      // Not before: neither it nor JGit need be loaded where nothing has changed.
      Store store = this.store == null ? new Store(directory, limit) : this.store;
      this.store = store;
      // Else it would tell of the state before if we were killed before it is written again.
      Files.deleteIfExists(last);
      String id = store.commit(files, author(origin), message(files, origin), time).name();
      Files.writeString(last, tree + " " + id + "\n");
      written.complete(id);
      long size = store.keepSmall(pinned);
      say(
          size <= limit
              ? ""
              : "the history takes more than gatehouse.history.size, though only what must be kept is"
                  + " in it");
    } catch (IOException | RuntimeException e) {
      say("the history of the tunnel directory could not be written: " + e);
      written.completeExceptionally(e);
    }
  }

  /** Says a trouble once. */
  private void say(String now) {
    if (!now.isEmpty() && !now.equals(trouble)) {
      LOG.log(Level.ERROR, now + ". The tunnels are not concerned");
    }
    trouble = now;
  }

  /** The newest revision, if it has that tree; without a look into the repository. */
  private Optional<String> lastIf(String tree) {
    try {
      if (isThere() && Files.exists(last)) {
        String[] words = Files.readString(last).strip().split(" ", -1);
        if (words.length == 2 && words[0].equals(tree) && ID.matcher(words[1]).matches()) {
          return Optional.of(words[1]);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "reading " + last, e);
    }
    return Optional.empty();
  }

  private static String author(ChangeOrigin origin) {
    String author = oneLine(origin.author(), LONGEST_AUTHOR).replaceAll("[<>]", "");
    return author.isBlank() ? "unknown" : author.strip();
  }

  private static String message(SortedMap<String, WgQuickFile> files, ChangeOrigin origin) {
    String message = oneLine(origin.message(), LONGEST_MESSAGE);
    return (message.isEmpty() ? files.size() + " files" : message)
        + "\n\n"
        + SOURCE
        + ": "
        + origin.source().words()
        + "\n";
  }

  private static String oneLine(String text, int longest) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ").strip();
    return line.length() <= longest ? line : line.substring(0, longest);
  }

  /** Who asks for the newest one means the state now, so what is being written is waited for. */
  private void awaitNewest() {
    try {
      String _ = newest.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.DEBUG, "the newest state is not in the history", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Revisions revisions(String revision) throws NoSuchRevisionException {
    if (!ID.matcher(revision).matches()) {
      awaitNewest();
    }
    if (!isThere()) {
      throw new NoSuchRevisionException(revision);
    }
    return new Revisions(directory);
  }

  private boolean isThere() {
    return Files.exists(directory.resolve("HEAD"));
  }
}
