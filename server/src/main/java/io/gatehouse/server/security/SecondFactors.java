// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who has a second factor, in a file of one line each: {@code
 * name:secret:last-step:recovery-hash,...}. The secrets stand there as they are, since they are
 * needed to compute with; only the file's owner can read it. Thread-safe; the file belongs to this
 * process alone and is read once.
 */
final class SecondFactors {
  private static final int RECOVERY_CODES = 10;

  /** In groups of five digits: 75 bits. */
  private static final int RECOVERY_GROUPS = 3;

  private final Path file;
  private volatile SortedMap<String, SecondFactor> factors;

  /**
   * Reads the file; nobody has a second factor while it does not exist.
   *
   * @throws IOException if it cannot be read or a line is damaged
   */
  SecondFactors(Path file) throws IOException {
    this.file = file;
    this.factors = Files.exists(file) ? read(file) : new TreeMap<>();
  }

  /** Whether a user must show one. */
  boolean has(String user) {
    return factors.containsKey(user);
  }

  /** How many recovery codes a user has left. */
  int recoveryCodesLeft(String user) {
    return Optional.ofNullable(factors.get(user)).map(one -> one.recovery().size()).orElse(0);
  }

  /** Makes recovery codes to show once. */
  static List<String> makeRecoveryCodes() {
    return IntStream.range(0, RECOVERY_CODES)
        .mapToObj(number -> Secrets.code(RECOVERY_GROUPS))
        .toList();
  }

  /**
   * Gives a user one.
   *
   * @param step the step of the password by which they showed that the app works
   */
  synchronized void set(String user, byte[] secret, long step, List<String> recoveryCodes)
      throws IOException {
    put(new SecondFactor(user, Totp.base32(secret), step, hashes(recoveryCodes)));
  }

  /** Gives a user other recovery codes; the old ones are worthless. */
  synchronized void renewRecoveryCodes(String user, List<String> codes) throws IOException {
    SecondFactor known = factors.get(user);
    if (known != null) {
      put(known.withRecovery(hashes(codes)));
    }
  }

  /** Takes a user's away, if they have one. */
  synchronized void remove(String user) throws IOException {
    if (has(user)) {
      SortedMap<String, SecondFactor> fewer = new TreeMap<>(factors);
      fewer.remove(user);
      write(fewer);
    }
  }

  /** How somebody showed the second factor. */
  enum Shown {
    /** By the app. */
    APP,
    /** By a recovery code, which is worthless now. */
    RECOVERY_CODE,
    /** Not at all. */
    NOT
  }

  /** Whether this is a password of the app or a recovery code, and uses it up. */
  synchronized Shown use(String user, String attempt, Instant now) throws IOException {
    SecondFactor known = factors.get(user);
    if (known == null) {
      return Shown.NOT;
    }
    OptionalLong step = Totp.verify(Totp.fromBase32(known.secret()), attempt, now, known.used());
    if (step.isPresent()) {
      put(known.usedAt(step.getAsLong()));
      return Shown.APP;
    }
    String plain = Secrets.plain(attempt);
    List<String> left =
        known.recovery().stream().filter(hash -> !Secrets.matches(plain, hash)).toList();
    if (left.size() == known.recovery().size()) {
      return Shown.NOT;
    }
    put(known.withRecovery(left));
    return Shown.RECOVERY_CODE;
  }

  private static List<String> hashes(List<String> codes) {
    return codes.stream().map(code -> Secrets.hash(Secrets.plain(code))).toList();
  }

  private void put(SecondFactor factor) throws IOException {
    SortedMap<String, SecondFactor> more = new TreeMap<>(factors);
    more.put(factor.user(), factor);
    write(more);
  }

  private void write(SortedMap<String, SecondFactor> next) throws IOException {
    StateFile.write(
        file, next.values().stream().map(SecondFactors::line).collect(Collectors.joining()));
    factors = next;
  }

  private static String line(SecondFactor factor) {
    return factor.user()
        + ":"
        + factor.secret()
        + ":"
        + factor.used()
        + ":"
        + String.join(",", factor.recovery())
        + "\n";
  }

  private static SortedMap<String, SecondFactor> read(Path file) throws IOException {
    SortedMap<String, SecondFactor> factors = new TreeMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      try {
        String[] parts = lines.get(i).split(":", 4);
        Totp.fromBase32(parts[1]);
        factors.put(
            parts[0],
            new SecondFactor(
                parts[0],
                parts[1],
                Long.parseLong(parts[2]),
                Stream.of(parts[3].split(",")).filter(hash -> !hash.isEmpty()).toList()));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(
            file
                + ":"
                + (i + 1)
                + ": not a line of the form name:secret:step:hashes. Restore the file from a backup,"
                + " or remove the line to let that user in with the password alone.",
            e);
      }
    }
    return factors;
  }
}
