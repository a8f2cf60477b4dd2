// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what: one line of JSON for each, in the order in which it happened, on disk before
 * whoever did it is answered. Lines are only ever appended. A full file is put aside as {@code
 * audit.log.1}, and so on; the oldest goes, so that all take at most 40 MiB. Readable by its owner
 * only. Thread-safe.
 */
@ApplicationScoped
public class Audit {
  static final int KEPT = 9;
  private static final long LARGEST = 4L << 20;

  private final Path file;
  private final long largest;
  private @Nullable FileChannel open;

  /** For the container's proxy, whose own fields are never read. */
  protected Audit() {
    this(Path.of(""));
  }

  /**
   * Names the file; it is opened when there is something to write.
   *
   * @param directory where the console keeps its things
   */
  @Inject
  public Audit(@ConfigProperty(name = "gatehouse.console.state") Path directory) {
    this(directory.resolve("audit.log"), LARGEST);
  }

  /** With files of at most so many octets and one line. */
  Audit(Path file, long largest) {
    this.file = file;
    this.largest = largest;
  }

  /**
   * Makes sure that a line could be written.
   *
   * @throws UncheckedIOException if not, so that what could not be written down is not done
   */
  public synchronized void prepare() {
    try {
      channel();
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  /** Writes a line; on return it is on disk. */
  public synchronized void write(AuditEntry entry) {
    ByteBuffer line = ByteBuffer.wrap((entry.toJson() + "\n").getBytes(UTF_8));
    try {
      FileChannel channel = channel();
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(false);
    } catch (IOException e) {
      close();
      throw trouble(e);
    }
  }

  /**
   * The newest lines that match, newest first.
   *
   * @param matches which
   * @param skipped so many of them are left out
   * @param most so many at most
   */
  public List<AuditEntry> newest(Predicate<AuditEntry> matches, int skipped, int most) {
    List<AuditEntry> found = new ArrayList<>();
    int passed = 0;
    for (Path one : files()) {
      for (AuditEntry entry : read(one).reversed()) {
        if (matches.test(entry) && passed++ >= skipped) {
          found.add(entry);
          if (found.size() == most) {
            return found;
          }
        }
      }
    }
    return found;
  }

  /** All lines that match, oldest first. */
  public void oldest(Predicate<AuditEntry> matches, Consumer<AuditEntry> consumer) {
    for (Path one : files().reversed()) {
      read(one).stream().filter(matches).forEach(consumer);
    }
  }

  @PreDestroy
  synchronized void close() {
    FileChannel channel = open;
    open = null;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw trouble(e);
      }
    }
  }

  /** The newest first. */
  private synchronized List<Path> files() {
    List<Path> all = new ArrayList<>(List.of(file));
    for (int number = 1; number <= KEPT; number++) {
      all.add(aside(number));
    }
    return all.stream().filter(Files::exists).toList();
  }

  private static List<AuditEntry> read(Path file) {
    List<AuditEntry> entries = new ArrayList<>();
    try (var lines = Files.lines(file)) {
      lines.forEach(line -> parse(line).ifPresent(entries::add));
    } catch (IOException | UncheckedIOException e) {
      // Put aside a moment ago, or not text to its end; what was read counts.
      System.getLogger(Audit.class.getName())
          .log(System.Logger.Level.WARNING, "cannot read all of {0}: {1}", file, e.getMessage());
    }
    return entries;
  }

  /** A line that was torn when the power failed says nothing. */
  private static Optional<AuditEntry> parse(String line) {
    try {
      return Optional.of(AuditEntry.parse(line));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private FileChannel channel() throws IOException {
    FileChannel channel = open;
    if (channel != null && channel.size() >= largest) {
      close();
      putAside();
      channel = null;
    }
    if (channel == null) {
      channel = append();
      open = channel;
    }
    return channel;
  }

  private FileChannel append() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    boolean fresh = !Files.exists(file);
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    if (fresh) {
      StateFile.syncDirectory(file);
    } else if (!endsWithLineEnd()) {
      channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
    }
    return channel;
  }

  private boolean endsWithLineEnd() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() == 0
          || channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n';
    }
  }

  private void putAside() throws IOException {
    for (int number = KEPT; number > 0; number--) {
      Path from = number == 1 ? file : aside(number - 1);
      if (Files.exists(from)) {
        Files.move(from, aside(number), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    StateFile.syncDirectory(file);
  }

  private Path aside(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private UncheckedIOException trouble(IOException e) {
    return new UncheckedIOException(
        "cannot write to "
            + file
            + ", so no change is made: "
            + e.getMessage()
            + ". Make room for it, or give it back to the console's user.",
        e);
  }
}
