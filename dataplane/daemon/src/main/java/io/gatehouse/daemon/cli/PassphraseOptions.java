// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.Passphrase;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a backup's passphrase comes from: never from an argument or the environment. */
final class PassphraseOptions {
  private static final int LONGEST = 4096;

  /** One of the two. */
  static final class Source {
    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "Take the first line of this file.")
    @Nullable Path file;

    @Option(
        names = "--passphrase-fd",
        paramLabel = "N",
        description = "Take the first line of this open descriptor; 0 is standard input.")
    @Nullable Integer descriptor;
  }

  @ArgGroup private @Nullable Source source;

  /**
   * Reads it, or asks for it on the terminal.
   *
   * @param twice whether it is new, and a slip would be fatal
   */
  // Whether there is always a console depends on the VM's words and version.
  @SuppressWarnings("SystemConsoleNull")
  Passphrase read(Streams streams, boolean twice) throws IOException, Failure {
    if (source != null && source.file != null) {
      try (InputStream in = Files.newInputStream(source.file)) {
        return firstLine(in);
      }
    }
    if (source != null && source.descriptor != null && source.descriptor != 0) {
      try (InputStream in = Files.newInputStream(Path.of("/proc/self/fd/" + source.descriptor))) {
        return firstLine(in);
      }
    }
    Console console = System.console();
    if (source != null || console == null || !console.isTerminal()) {
      return firstLine(streams.in());
    }
    char[] first = console.readPassword("Passphrase of the backup: ");
    char[] second = twice ? console.readPassword("The same again: ") : first;
    try {
      if (first == null || second == null || !Arrays.equals(first, second)) {
        throw new Failure("The two passphrases differ", "Type the same one twice.");
      }
      return Passphrase.of(first);
    } finally {
      for (char[] typed : new char[] @Nullable [] {first, second}) {
        if (typed != null) {
          Arrays.fill(typed, '\0');
        }
      }
    }
  }

  private static Passphrase firstLine(InputStream in) throws IOException, Failure {
    byte[] octets = new byte[LONGEST];
    int length = 0;
    for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
      if (length == octets.length) {
        throw new Failure("The passphrase is longer than " + LONGEST + " octets", "Give one line.");
      }
      octets[length++] = (byte) octet;
    }
    if (length > 0 && octets[length - 1] == '\r') {
      length--;
    }
    if (length == 0) {
      throw new Failure(
          "A passphrase is missing",
          "Type it on a terminal, or give one line by --passphrase-file or --passphrase-fd.");
    }
    try {
      CharBuffer characters =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, 0, length));
      char[] copy = new char[characters.remaining()];
      characters.get(copy);
      Passphrase passphrase = Passphrase.of(copy);
      Arrays.fill(copy, '\0');
      Arrays.fill(characters.array(), '\0');
      return passphrase;
    } catch (CharacterCodingException e) {
      throw new Failure("The passphrase is no text in UTF-8", "Give one line of text.");
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }
}
