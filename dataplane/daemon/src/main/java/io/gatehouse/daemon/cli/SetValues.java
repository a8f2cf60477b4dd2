// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The values of {@code set}, as wg(8) reads them. Refused on purpose, where that one goes wrong:
 * port numbers above 65535, which wrap around there, and names of services.
 */
final class SetValues {
  private static final int KEY_TEXT = 44;

  private final EndpointLookup lookup;
  private final PrintStream warnings;

  SetValues(EndpointLookup lookup, PrintStream warnings) {
    this.lookup = lookup;
    this.warnings = warnings;
  }

  /**
   * What {@code allowed-ips} says.
   *
   * @param replace whether all others go away: no part has a sign
   */
  record AllowedIps(boolean replace, List<AllowedIpChange> changes) {}

  PublicKey publicKey(String text) throws Failure {
    try {
      return PublicKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Failure(
          "Key is not the correct length or format: `" + text + "'",
          "Give the 44 characters that gatehouse pubkey prints.");
    }
  }

  int port(String text) throws Failure {
    if (text.isEmpty()) {
      throw new Failure("Unable to parse empty port", "Give a number from 0 to 65535.");
    }
    long port = decimal(text);
    if (port < 0 || port > 65535) {
      throw new Failure(
          "Servname not supported for ai_socktype: `" + text + "'",
          "Give a port number from 0 to 65535.");
    }
    return (int) port;
  }

  /** Unsigned in an int. */
  int fwMark(String text) throws Failure {
    if (text.equalsIgnoreCase("off")) {
      return 0;
    }
    try {
      return text.startsWith("0x")
          ? Integer.parseUnsignedInt(text.substring(2), 16)
          : Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new Failure(
          "Fwmark is neither 0/off nor 0-0xffffffff: `" + text + "'",
          "Give off, a decimal number, or 0x and up to eight hexadecimal digits.");
    }
  }

  int persistentKeepalive(String text) throws Failure {
    if (text.equalsIgnoreCase("off")) {
      return 0;
    }
    long seconds = decimal(text);
    if (seconds < 0 || seconds > 65535) {
      throw new Failure(
          "Persistent keepalive interval is neither 0/off nor 1-65535: `" + text + "'",
          "Give off or a number of seconds from 1 to 65535.");
    }
    return (int) seconds;
  }

  /** The key in a file; an empty file such as /dev/null is the key of zeros, which removes one. */
  SecretKey keyFile(String file) throws Failure {
    byte[] octets = new byte[0];
    try (InputStream stream = Files.newInputStream(Path.of(file))) {
      octets = stream.readNBytes(4096);
      if (octets.length == 0) {
        return SecretKey.of(new byte[SecretKey.LENGTH]);
      }
      if (octets.length < KEY_TEXT) {
        throw keyFailure("Invalid length key in key file", file);
      }
      for (int i = KEY_TEXT; i < octets.length; i++) {
        if (octets[i] != 0 && !Character.isWhitespace(octets[i])) {
          throw keyFailure(
              "Found trailing character in key file: `" + (char) octets[i] + "'", file);
        }
      }
      return SecretKey.parse(new String(octets, 0, KEY_TEXT, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      // wg(8) would show the text, which may be most of a key.
      throw keyFailure("Key is not the correct length or format", file);
    } catch (NoSuchFileException e) {
      throw new Failure("fopen: No such file or directory", file + " is not there.");
    } catch (AccessDeniedException e) {
      throw new Failure("fopen: Permission denied", file + " may not be read by this user.");
    } catch (IOException e) {
      throw new Failure("fopen: " + e.getMessage(), "See to " + file + ".");
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  Endpoint endpoint(String text) throws Failure {
    if (text.isEmpty()) {
      throw endpointFailure("Unable to parse empty endpoint");
    }
    int bracket = text.indexOf(']');
    boolean bracketed = text.startsWith("[");
    if (bracketed && bracket < 0) {
      throw endpointFailure("Unable to find matching brace of endpoint: `" + text + "'");
    }
    int colon = bracketed ? bracket + 1 : text.lastIndexOf(':');
    if (colon < 0 || colon + 1 >= text.length() || text.charAt(colon) != ':') {
      throw endpointFailure("Unable to find port of endpoint: `" + text + "'");
    }
    String host = bracketed ? text.substring(1, bracket) : text.substring(0, colon);
    long port = decimal(text.substring(colon + 1));
    if (port < 1 || port > 65535) {
      throw endpointFailure("Servname not supported for ai_socktype: `" + text + "'");
    }
    return lookup.find(host, (int) port, text);
  }

  /** Prefixes parted by commas, each to be added ({@code +}) or taken away ({@code -}). */
  AllowedIps allowedIps(String text) throws Failure {
    String bare = withoutBlanks(text);
    List<AllowedIpChange> changes = new ArrayList<>();
    boolean signed = false;
    if (!bare.isEmpty()) {
      for (String part : bare.split(",", -1)) {
        boolean remove = part.startsWith("-");
        boolean sign = remove || part.startsWith("+");
        signed |= sign;
        changes.add(new AllowedIpChange(prefix(sign ? part.substring(1) : part), remove));
      }
    }
    return new AllowedIps(!signed, changes);
  }

  private Prefix prefix(String text) throws Failure {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    try {
      IpLiteral.parse(address);
    } catch (IllegalArgumentException e) {
      throw new Failure(
          "Unable to parse IP address: `" + address + "'",
          "Give prefixes such as 10.0.0.0/24 or fd00::/64, parted by commas.");
    }
    try {
      Prefix prefix = Prefix.parse(text);
      Prefix masked = prefix.masked();
      if (!masked.equals(prefix)) {
        warnings.println("Warning: AllowedIP has nonzero host part: " + text);
      }
      return masked;
    } catch (IllegalArgumentException e) {
      throw new Failure(
          "AllowedIP is not in the correct format: `" + text + "'",
          "Give ADDRESS/LENGTH, the length at most 32 for IPv4 and 128 for IPv6.");
    }
  }

  private static Failure endpointFailure(String line) {
    return new Failure(line, "Give HOST:PORT, an IPv6 address in brackets, the port 1 to 65535.");
  }

  private static Failure keyFailure(String line, String file) {
    return new Failure(
        line, file + " must hold one key as gatehouse genkey prints it, or nothing to remove it.");
  }

  private static String withoutBlanks(String text) {
    StringBuilder bare = new StringBuilder(text.length());
    text.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> bare.append((char) c));
    return bare.toString();
  }

  /** Digits only; -1 otherwise. */
  private static long decimal(String digits) {
    if (digits.isEmpty()
        || digits.length() > 18
        || !digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      return -1;
    }
    return Long.parseLong(digits);
  }
}
