// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The users, in a file of one line each: {@code name:role:hash}, in the manner of passwd(5). Before
 * the hash of a user who may not log in stands an exclamation mark, as in shadow(5); instead of a
 * hash may stand {@code invited:UNTIL:HASH-OF-CODE}. Thread-safe; the file belongs to this process
 * alone and is read once.
 */
public final class UserStore {
  private static final String DISABLED = "!";
  private static final String INVITED = "invited:";

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

  /** All users by name. */
  public List<User> all() {
    return List.copyOf(users.values());
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
    if (users.containsKey(user.name())) {
      throw new IllegalArgumentException("the user name " + user.name() + " is taken");
    }
    put(user);
  }

  /**
   * Adds a user, or puts them in the place of who has that name.
   *
   * @throws IOException if the file cannot be written; nothing has changed then
   */
  public synchronized void put(User user) throws IOException {
    SortedMap<String, User> more = new TreeMap<>(users);
    more.put(user.name(), user);
    write(more);
  }

  /**
   * Removes a user, if there is one of that name.
   *
   * @throws IOException if the file cannot be written; nothing has changed then
   */
  public synchronized void remove(String name) throws IOException {
    SortedMap<String, User> fewer = new TreeMap<>(users);
    fewer.remove(name);
    write(fewer);
  }

  private void write(SortedMap<String, User> next) throws IOException {
    StateFile.write(
        file, next.values().stream().map(UserStore::line).collect(Collectors.joining()));
    users = next;
  }

  private static String line(User user) {
    String proof =
        switch (user.proof()) {
          case User.Password password -> password.hash();
          case User.Invitation invitation ->
              INVITED + invitation.until().getEpochSecond() + ":" + invitation.hash();
        };
    return user.name()
        + ":"
        + user.role().word()
        + ":"
        + (user.enabled() ? "" : DISABLED)
        + proof
        + "\n";
  }

  private static SortedMap<String, User> read(Path file) throws IOException {
    SortedMap<String, User> users = new TreeMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      try {
        User user = parse(lines.get(i));
        users.put(user.name(), user);
      } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
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

  private static User parse(String line) {
    // The hash has colons of its own.
    String[] parts = line.split(":", 3);
    boolean enabled = !parts[2].startsWith(DISABLED);
    String proof = enabled ? parts[2] : parts[2].substring(DISABLED.length());
    return new User(parts[0], Role.of(parts[1]), enabled, proof(proof));
  }

  private static User.Proof proof(String text) {
    if (!text.startsWith(INVITED)) {
      return new User.Password(text);
    }
    String[] parts = text.split(":", 3);
    return new User.Invitation(parts[2], Instant.ofEpochSecond(Long.parseLong(parts[1])));
  }
}
