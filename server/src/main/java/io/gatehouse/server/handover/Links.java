// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.handover;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Caller;
import io.gatehouse.server.security.Guard;
import io.gatehouse.server.security.StateFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The links that wait, each in a file of its own that is named by the SHA-256 of the link's id: who
 * reads the directory cannot use them. A link is 256 random bits, is good once, and ends by itself.
 * Thread-safe; the directory belongs to this process alone.
 */
@ApplicationScoped
public class Links {
  /** So many may wait. */
  public static final int MOST = 200;

  /** Characters of a sealed file in base64. */
  public static final int LARGEST = 16 << 10;

  /** The longest life of a link. */
  public static final Duration LONGEST = Duration.ofDays(7);

  private static final int ID_LENGTH = 32;
  private static final System.Logger LOG = System.getLogger(Links.class.getName());

  /**
   * A link that waits.
   *
   * @param handle names it for its owner; does not open it
   * @param ends Unix seconds
   * @param label whose file it is
   * @param author who made it
   */
  public record Link(String handle, long ends, String label, String author) {}

  /** There is no room for another one, or it is too large. */
  public static final class Full extends Exception {
    private static final long serialVersionUID = 1;

    Full(String message) {
      super(message);
    }
  }

  private final Path directory;
  private final Guard guard;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected Links() {
    this(Path.of(""), null);
  }

  /**
   * Names the directory; it is made with the first link.
   *
   * @param state where the console keeps its things
   */
  @Inject
  public Links(@ConfigProperty(name = "gatehouse.console.state") Path state, Guard guard) {
    this(state.resolve("links"), guard, InstantSource.system());
  }

  /** By a clock. */
  Links(Path directory, Guard guard, InstantSource clock) {
    this.directory = directory;
    this.guard = guard;
    this.clock = clock;
  }

  /**
   * Makes a link.
   *
   * @param sealed the client's file as its maker's browser has sealed it, base64
   * @param label whose file it is
   * @param life until it ends, at most {@link #LONGEST}
   * @return its id, which is kept nowhere
   * @throws Full if too many wait, or it is too large
   */
  public synchronized String make(String sealed, String label, Duration life)
      throws IOException, Full {
    if (!sealed.matches("[A-Za-z0-9+/=]{1," + LARGEST + "}")) {
      throw new Full("a sealed file is base64 of at most " + LARGEST + " characters");
    }
    if (life.compareTo(LONGEST) > 0 || life.isNegative() || life.isZero()) {
      throw new Full("a link lives for seven days at most");
    }
    try {
      return guard.<String, Exception>change(
          Action.EDIT_PEERS,
          "link.make",
          label,
          difference -> {
            if (waiting().size() >= MOST) {
              throw new Full(MOST + " links wait already; take some back first");
            }
            byte[] octets = new byte[ID_LENGTH];
            random.nextBytes(octets);
            String id = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
            StateFile.write(
                directory.resolve(handle(id)),
                String.join(
                    "\n",
                    Long.toString(now() + life.toSeconds()),
                    URLEncoder.encode(label, UTF_8),
                    URLEncoder.encode(Caller.current().name(), UTF_8),
                    sealed));
            return id;
          });
    } catch (IOException | Full | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Gives what a link leads to, to whoever has it, and forgets it before.
   *
   * @return empty if it was used, has ended or was never made
   */
  public synchronized Optional<String> take(String id) throws IOException {
    Path file = directory.resolve(handle(id));
    Optional<Link> link = read(file);
    if (link.isEmpty()) {
      return Optional.empty();
    }
    String sealed = Files.readAllLines(file).get(3);
    Files.delete(file);
    if (link.get().ends() <= now()) {
      return Optional.empty();
    }
    guard.note("link.take", link.get().label());
    return Optional.of(sealed);
  }

  /** Those that wait, the first to end first. */
  public synchronized List<Link> list() throws IOException {
    guard.require(Action.EDIT_PEERS);
    return waiting();
  }

  /** Takes a link back, if it still waits. */
  public synchronized void revoke(String handle) throws IOException {
    for (Link link : waiting()) {
      if (link.handle().equals(handle)) {
        guard.<Boolean, IOException>change(
            Action.EDIT_PEERS,
            "link.revoke",
            link.label(),
            difference -> Files.deleteIfExists(directory.resolve(handle)));
      }
    }
  }

  /** Those that have ended go. */
  private List<Link> waiting() throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    List<Link> waiting = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Optional<Link> link = read(file);
        if (link.isPresent() && link.get().ends() > now()) {
          waiting.add(link.get());
        } else {
          Files.deleteIfExists(file);
        }
      }
    }
    waiting.sort(Comparator.comparingLong(Link::ends));
    return waiting;
  }

  private static Optional<Link> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    try {
      return Optional.of(
          new Link(
              String.valueOf(file.getFileName()),
              Long.parseLong(lines.get(0)),
              URLDecoder.decode(lines.get(1), UTF_8),
              URLDecoder.decode(lines.get(2), UTF_8)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      LOG.log(System.Logger.Level.WARNING, "{0} is no link", file);
      return Optional.empty();
    }
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private static String handle(String id) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
