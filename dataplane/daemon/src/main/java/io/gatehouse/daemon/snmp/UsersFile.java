// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of {@code gatehouse.snmp.users}: SNMPv3 users that an administrator, a configuration
 * manager or systemd (LoadCredential) provides. Each line is one of snmpd.conf(5), {@code
 * createUser NAME SHA-256 "passphrase" AES "passphrase"}. With {@code informUser} instead it is a
 * user of whoever receives informs, who may ask for nothing here. Empty lines and those with {@code
 * #} are passed over.
 */
public final class UsersFile {
  private static final Pattern LINE =
      Pattern.compile(
          "(createUser|informUser)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+|\"[^\"]*\")\\s+(\\S+)\\s+(\\S+|\"[^\"]*\")");

  /** Whoever may read it knows the passphrases. */
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /** A user as the file names it, with passphrases in clear. Not to be kept. */
  public record Given(
      String name, Protection protection, String authPassphrase, String privPassphrase) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Which line it is. */
  private enum Kind {
    CREATE_USER,
    INFORM_USER
  }

  private UsersFile() {}

  /**
   * Reads the agent's users.
   *
   * @throws IOException if it cannot be read, can be read by others, or a line makes no sense; says
   *     file, line and remedy, and no passphrase
   */
  public static List<Given> read(Path file) throws IOException {
    return read(file, Kind.CREATE_USER);
  }

  /**
   * Reads the users of receivers of informs.
   *
   * @throws IOException if it cannot be read, can be read by others, or a line makes no sense; says
   *     file, line and remedy, and no passphrase
   */
  public static List<Given> receivers(Path file) throws IOException {
    return read(file, Kind.INFORM_USER);
  }

  private static List<Given> read(Path file, Kind wanted) throws IOException {
    List<String> lines;
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        throw new IOException(
            file + " has passphrases and can be read by others; chmod 600 " + file);
      }
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException(
          file + " is not there; make it, or leave gatehouse.snmp.users empty", e);
    }
    List<Given> users = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        Given user = user(line, file + ":" + (i + 1));
        Kind kind = line.startsWith("informUser") ? Kind.INFORM_USER : Kind.CREATE_USER;
        if (!seen.add(kind + " " + user.name)) {
          throw new IOException(
              file + ":" + (i + 1) + ": the user '" + user.name + "' is there twice");
        }
        if (kind == wanted) {
          users.add(user);
        }
      }
    }
    return List.copyOf(users);
  }

  private static Given user(String line, String where) throws IOException {
    Matcher words = LINE.matcher(line);
    if (!words.matches()) {
      throw new IOException(
          where
              + ": write createUser (or informUser) NAME SHA-256 \"passphrase\" AES"
              + " \"passphrase\"");
    }
    String priv = words.group(5).equals("AES") ? "AES-128" : words.group(5);
    try {
      Given user =
          new Given(
              words.group(2),
              Protection.of(words.group(3), priv),
              unquoted(words.group(4)),
              unquoted(words.group(6)));
      SnmpUsers.check(user.name, user.authPassphrase, user.privPassphrase);
      return user;
    } catch (IllegalArgumentException e) {
      throw new IOException(where + ": " + e.getMessage(), e);
    }
  }

  private static String unquoted(String word) {
    return word.startsWith("\"") ? word.substring(1, word.length() - 1) : word;
  }
}
