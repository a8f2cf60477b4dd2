// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The secret that lets the owner of the machine, and nobody else, make the first account. It lies
 * in a file only its owner can read, from the first start until it is used.
 *
 * <p>100 random bits in four groups of five Crockford base32 digits.
 */
public final class SetupCode {
  private static final int GROUPS = 4;

  private final Path file;

  /** Names the file; nothing is read or written yet. */
  public SetupCode(Path file) {
    this.file = file;
  }

  /** Makes a code if there is none yet. */
  public void prepare() throws IOException {
    if (read().isEmpty()) {
      StateFile.write(file, Secrets.code(GROUPS) + "\n");
    }
  }

  /**
   * Whether this is the code. Case, blanks and dashes do not count; the time it takes does not
   * depend on where it differs.
   */
  public boolean matches(String attempt) throws IOException {
    Optional<String> code = read();
    return code.isPresent() && MessageDigest.isEqual(digits(code.get()), digits(attempt));
  }

  /** Makes the code worthless for ever. */
  public void destroy() throws IOException {
    Files.deleteIfExists(file);
  }

  private Optional<String> read() throws IOException {
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  private static byte[] digits(String text) {
    return Secrets.plain(text).getBytes(StandardCharsets.UTF_8);
  }
}
