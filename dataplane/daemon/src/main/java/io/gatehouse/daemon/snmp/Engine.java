// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.daemon.tunnels.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SNMP engine's identity and how often it has started (snmpEngineID and snmpEngineBoots of RFC
 * 3411, kept as RFC 3414 section 2.2 asks).
 *
 * <p>A file that cannot be read in full is never replaced by a fresh one: boots that fall back
 * would let recorded messages be replayed.
 */
final class Engine {
  /** At this count RFC 3414 lets no authenticated message pass any more. */
  static final int MAX_BOOTS = Integer.MAX_VALUE;

  /** SNMP4J's enterprise number, as its engines carry until this product has its own. */
  private static final int ENTERPRISE = 4976;

  private static final byte FORMAT_OCTETS = 5;
  private static final int RANDOM_OCTETS = 12;

  // The line end after the count belongs to the form: without it the count may have been cut.
  private static final Pattern TEXT =
      Pattern.compile("(?:#[^\n]*\n)*engine ([0-9a-f]{10,64})\nboots ([0-9]{1,10})\n");

  private final byte[] id;
  private final int boots;

  private Engine(byte[] id, int boots) {
    this.id = id;
    this.boots = boots;
  }

  /**
   * Counts a start and stores it before returning.
   *
   * @param file made with a random identity when missing
   * @throws IOException if the file is damaged, cannot be written, or the count has come to its end
   */
  static Engine start(Path file) throws IOException {
    Engine engine;
    if (Files.exists(file)) {
      Engine last = read(file);
      if (last.boots >= MAX_BOOTS - 1) {
        // Stored, so that it stays at the end whatever happens next.
        store(file, new Engine(last.id, MAX_BOOTS));
        throw new IOException(
            file + ": boots has reached its end, " + MAX_BOOTS + "; " + remedy(file));
      }
      engine = new Engine(last.id, last.boots + 1);
    } else {
      engine = new Engine(randomId(), 1);
    }
    store(file, engine);
    return engine;
  }

  private static Engine read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IOException(
          file + ": damaged, expected the two lines 'engine HEX' and 'boots N'; " + remedy(file));
    }
    byte[] id;
    try {
      id = HexFormat.of().parseHex(matcher.group(1));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": odd number of digits after 'engine'; " + remedy(file), e);
    }
    long boots = Long.parseLong(matcher.group(2));
    if (boots < 1 || boots > MAX_BOOTS) {
      throw new IOException(
          file + ": boots " + boots + " is not in 1.." + MAX_BOOTS + "; " + remedy(file));
    }
    return new Engine(id, (int) boots);
  }

  private static String remedy(Path file) {
    return "remove " + file + " and snmp.users beside it, restart, and add the SNMP users again";
  }

  private static void store(Path file, Engine engine) throws IOException {
    String text =
        "# Identity and start count of the SNMP engine. Written by the data plane; do not edit.\n"
            + "engine "
            + engine.text()
            + "\nboots "
            + engine.boots
            + "\n";
    AtomicFile.write(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] randomId() {
    byte[] random = new byte[RANDOM_OCTETS];
    new SecureRandom().nextBytes(random);
    byte[] id = new byte[5 + RANDOM_OCTETS];
    // RFC 3411 SnmpEngineID: high bit set, enterprise number, format, then the format's octets.
    id[0] = (byte) 0x80;
    id[1] = (byte) (ENTERPRISE >>> 16);
    id[2] = (byte) (ENTERPRISE >>> 8);
    id[3] = (byte) ENTERPRISE;
    id[4] = FORMAT_OCTETS;
    System.arraycopy(random, 0, id, 5, RANDOM_OCTETS);
    return id;
  }

  /** snmpEngineID, 5 to 32 octets; a copy. */
  byte[] id() {
    return Arrays.copyOf(id, id.length);
  }

  /** snmpEngineID in lower-case hexadecimal digits. */
  String text() {
    return HexFormat.of().formatHex(id);
  }

  /** snmpEngineBoots, 1 to 2^31-2. */
  int boots() {
    return boots;
  }
}
