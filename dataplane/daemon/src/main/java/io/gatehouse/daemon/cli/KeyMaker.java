// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.wgquick.SecretKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** {@code genkey}, {@code genpsk} and {@code pubkey}. */
final class KeyMaker {
  private static final int KEY_TEXT = 44;

  private KeyMaker() {}

  static int privateKey(Streams streams) throws IOException {
    byte[] octets = random();
    Curve25519.clamp(octets);
    return write(octets, streams);
  }

  static int presharedKey(Streams streams) throws IOException {
    return write(random(), streams);
  }

  /** Reads one key, with nothing but blanks behind it. */
  static int publicKey(Streams streams) throws IOException, Failure {
    byte[] text = streams.in().readNBytes(KEY_TEXT);
    try {
      if (text.length < KEY_TEXT) {
        throw badKey();
      }
      for (int c = streams.in().read(); c >= 0; c = streams.in().read()) {
        if (c != 0 && !Character.isWhitespace(c)) {
          throw new Failure(
              "gatehouse: Trailing characters found after key",
              "Give one key alone, as gatehouse genkey prints it.");
        }
      }
      SecretKey key = SecretKey.parse(new String(text, StandardCharsets.ISO_8859_1));
      streams.out().println(Curve25519.publicKey(key));
      key.wipe();
      return 0;
    } catch (IllegalArgumentException e) {
      throw badKey();
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static int write(byte[] octets, Streams streams) {
    streams.warnOfSecretInOpenFile();
    SecretKey key = SecretKey.of(octets);
    streams.out().println(key.revealBase64());
    Arrays.fill(octets, (byte) 0);
    key.wipe();
    return 0;
  }

  /** From getrandom(2) itself: the platform's generators take longer to load than all the rest. */
  private static byte[] random() throws IOException {
    try (var urandom = java.nio.file.Files.newInputStream(java.nio.file.Path.of("/dev/urandom"))) {
      byte[] octets = urandom.readNBytes(SecretKey.LENGTH);
      if (octets.length < SecretKey.LENGTH) {
        throw new IOException("/dev/urandom gives no octets");
      }
      return octets;
    }
  }

  private static Failure badKey() {
    return new Failure(
        "gatehouse: Key is not the correct length or format",
        "Give the 44 characters that gatehouse genkey prints.");
  }
}
