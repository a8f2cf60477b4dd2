// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The users, in a file of one line each: {@code name:role:hash}, in the manner of passwd(5).
 * Thread-safe; the file belongs to this process alone and is read once.
 */
public final class UserStore {
  private final Path file;
  private volatile SortedMap<String, User> users;

  /**
   * Reads the file; there are no users while it does not exist.
   *
   * @throws IOException if it cannot be read or a line is damaged
   */
  public UserStore(Path file) throws IOException {
    this.file = file;
    this.users = Files.exists(file) ? read(file) : new TreeMap<>();
  }

  /** Whether nobody can log in yet. */
  public boolean isEmpty() {
    return users.isEmpty();
  }

  /** The user of that name. */
  public Optional<User> find(String name) {
    return Optional.ofNullable(users.get(name));
  }

  /**
   * Adds a user; on return the file has it.
   *
   * @throws IOException if the file cannot be written; nothing has changed then
   * @throws IllegalArgumentException if the name is taken
   */
  public synchronized void add(User user) throws IOException {
    SortedMap<String, User> more = new TreeMap<>(users);
    if (more.putIfAbsent(user.name(), user) != null) {
      throw new IllegalArgumentException("the user name " + user.name() + " is taken");
    }
    StateFile.write(
        file,
        more.values().stream()
            .map(
                u ->
                    u.name()
                        + ":"
                        + u.role().name().toLowerCase(Locale.ROOT)
                        + ":"
                        + u.passwordHash())
            .collect(Collectors.joining("\n", "", "\n")));
    users = more;
  }

  private static SortedMap<String, User> read(Path file) throws IOException {
    SortedMap<String, User> users = new TreeMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      // The hash has colons of its own.
      String[] parts = lines.get(i).split(":", 3);
      try {
        User user =
            new User(parts[0], User.Role.valueOf(parts[1].toUpperCase(Locale.ROOT)), parts[2]);
        users.put(user.name(), user);
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(
            file
                + ":"
                + (i + 1)
                + ": not a line of the form name:role:hash. Restore the file from a backup, or remove"
                + " it to set the console up anew.",
            e);
      }
    }
    return users;
  }
}
