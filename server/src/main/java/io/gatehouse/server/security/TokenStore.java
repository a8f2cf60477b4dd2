// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The API tokens, in a file of one line each: {@code
 * id:owner:role:hash:created:expires:last-used:name}, times in Unix seconds. Thread-safe; the file
 * belongs to this process alone and is read once.
 */
final class TokenStore {
  private final Path file;

  /** By hash, never changed. */
  private volatile Map<String, Token> tokens;

  /**
   * Reads the file; there are no tokens while it does not exist.
   *
   * @throws IOException if it cannot be read or a line is damaged
   */
  TokenStore(Path file) throws IOException {
    this.file = file;
    this.tokens = Files.exists(file) ? read(file) : Map.of();
  }

  /** All of them, the newest first. */
  List<Token> all() {
    return tokens.values().stream()
        .sorted(Comparator.comparing(Token::created).reversed())
        .toList();
  }

  /** By the hash of its secret. */
  Optional<Token> find(String hash) {
    return Optional.ofNullable(tokens.get(hash));
  }

  /**
   * Adds one, or puts it in the place of that with the same hash.
   *
   * @throws UncheckedIOException if the file cannot be written; nothing has changed then
   */
  synchronized void put(Token token) {
    Map<String, Token> more = new LinkedHashMap<>(tokens);
    more.put(token.hash(), token);
    write(more);
  }

  /**
   * Removes some.
   *
   * @throws UncheckedIOException if the file cannot be written; nothing has changed then
   */
  synchronized void remove(Collection<Token> gone) {
    Map<String, Token> fewer = new LinkedHashMap<>(tokens);
    gone.forEach(token -> fewer.remove(token.hash()));
    write(fewer);
  }

  private void write(Map<String, Token> next) {
    try {
      StateFile.write(
          file, next.values().stream().map(TokenStore::line).collect(Collectors.joining()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the tokens: " + e.getMessage(), e);
    }
    tokens = next;
  }

  private static String line(Token token) {
    List<String> parts = new ArrayList<>();
    parts.add(token.id());
    parts.add(token.owner());
    parts.add(token.role().word());
    parts.add(token.hash());
    for (Instant time : List.of(token.created(), token.expires(), token.lastUsed())) {
      parts.add(Long.toString(time.getEpochSecond()));
    }
    parts.add(token.name());
    return String.join(":", parts) + "\n";
  }

  private static Map<String, Token> read(Path file) throws IOException {
    Map<String, Token> tokens = new LinkedHashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      try {
        Token token = parse(lines.get(i));
        tokens.put(token.hash(), token);
      } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(
            file
                + ":"
                + (i + 1)
                + ": not a line of the form id:owner:role:hash:created:expires:last-used:name. Remove"
                + " the line, and make that token anew.",
            e);
      }
    }
    return tokens;
  }

  private static Token parse(String line) {
    String[] parts = line.split(":", 8);
    return new Token(
        parts[0],
        parts[1],
        Role.of(parts[2]),
        parts[3],
        time(parts[4]),
        time(parts[5]),
        time(parts[6]),
        parts[7]);
  }

  private static Instant time(String seconds) {
    return Instant.ofEpochSecond(Long.parseLong(seconds));
  }
}
