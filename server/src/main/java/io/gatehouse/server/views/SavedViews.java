// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.views;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.server.security.StateFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The named views of each user, in a file with a line for each: user, name and query, parted by
 * blanks, the first two percent-encoded. Thread-safe.
 */
@ApplicationScoped
public class SavedViews {
  /** So many for each user. */
  public static final int MOST = 20;

  /** Characters of a name. */
  public static final int LONGEST_NAME = 40;

  private static final int LONGEST_QUERY = 2000;
  private static final System.Logger LOG = System.getLogger(SavedViews.class.getName());

  /**
   * One of them.
   *
   * @param name what the user calls it
   * @param query of its address, without the question mark
   */
  public record View(String name, String query) {}

  private final Path file;
  private SortedMap<String, List<View>> views;

  /** For the container's proxy. */
  protected SavedViews() {
    this.file = Path.of("");
    this.views = new TreeMap<>();
  }

  /**
   * Reads the file; a line that cannot be read is passed over, for nothing depends on it.
   *
   * @param directory where the console keeps its things
   */
  @Inject
  public SavedViews(@ConfigProperty(name = "gatehouse.console.state") Path directory)
      throws IOException {
    this.file = directory.resolve("views");
    this.views = Files.exists(file) ? read(file) : new TreeMap<>();
  }

  private static SortedMap<String, List<View>> read(Path file) throws IOException {
    SortedMap<String, List<View>> views = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ", 3);
      try {
        views
            .computeIfAbsent(URLDecoder.decode(words[0], UTF_8), user -> new ArrayList<>())
            .add(new View(URLDecoder.decode(words[1], UTF_8), words[2]));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        LOG.log(System.Logger.Level.WARNING, "{0} has a line that is no view: {1}", file, line);
      }
    }
    return views;
  }

  /** Those of a user, in the order in which they were saved. */
  public synchronized List<View> of(String user) {
    return List.copyOf(views.getOrDefault(user, List.of()));
  }

  /**
   * Keeps one; one of that name is replaced.
   *
   * @return whether there was room for it
   */
  public synchronized boolean save(String user, View view) throws IOException {
    List<View> all = new ArrayList<>(of(user));
    all.removeIf(each -> each.name().equals(view.name()));
    if (all.size() >= MOST || view.query().length() > LONGEST_QUERY) {
      return false;
    }
    all.add(view);
    put(user, all);
    return true;
  }

  /** Forgets one, if it is there. */
  public synchronized void remove(String user, String name) throws IOException {
    List<View> all = new ArrayList<>(of(user));
    if (all.removeIf(each -> each.name().equals(name))) {
      put(user, all);
    }
  }

  private void put(String user, List<View> all) throws IOException {
    SortedMap<String, List<View>> next = new TreeMap<>(views);
    next.put(user, all);
    StringBuilder text = new StringBuilder();
    next.forEach(
        (owner, theirs) ->
            theirs.forEach(
                view ->
                    text.append(URLEncoder.encode(owner, UTF_8))
                        .append(' ')
                        .append(URLEncoder.encode(view.name(), UTF_8))
                        .append(' ')
                        .append(view.query().replaceAll("\\s", "+"))
                        .append('\n')));
    StateFile.write(file, text.toString());
    views = next;
  }
}
