// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.daemon.tunnels.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.snmp4j.smi.OctetString;

/**
 * The SNMPv3 users, each with HMAC-SHA-2 (RFC 7860) and AES. Thread-safe.
 *
 * <p>Passphrases are never kept, only the keys made from them for this one engine (RFC 3414 section
 * 2.6), which open no other agent. Every change is on disk before it takes effect.
 */
public final class SnmpUsers {
  /** Shortest passphrase, in characters. */
  public static final int MIN_PASSPHRASE = 12;

  private static final String OF_SETTINGS =
      "the SNMP user '%s' is one of gatehouse.snmp.users; change it there";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,31}");

  private static final Pattern ENGINE = Pattern.compile("[0-9a-f]{10,64}");

  /** A user with the keys localised to this engine. */
  record User(String name, Protection protection, OctetString authKey, OctetString privKey) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Puts the users to work; fails when it cannot. */
  @FunctionalInterface
  interface Listener {
    void changed(Collection<User> users) throws IOException;
  }

  private final Path file;
  private final Engine engine;
  private final Listener listener;
  private Map<String, User> users;

  /** Those of the settings. */
  private Map<String, User> configured = Map.of();

  private SnmpUsers(Path file, Engine engine, Listener listener, Map<String, User> users) {
    this.file = file;
    this.engine = engine;
    this.listener = listener;
    this.users = users;
  }

  /**
   * Reads the file, if it is there, and tells the listener.
   *
   * @throws IOException if the file is damaged or belongs to another engine, or the listener fails
   */
  static SnmpUsers load(Path file, Engine engine, Listener listener) throws IOException {
    Map<String, User> users = Files.exists(file) ? read(file, engine) : new TreeMap<>();
    listener.changed(users.values());
    return new SnmpUsers(file, engine, listener, users);
  }

  /**
   * Adds a user with SHA-256 and AES-128, see {@link #add(String, String, String, String, String)}.
   */
  public void add(String name, String authPassphrase, String privPassphrase) throws IOException {
    add(name, Protection.USUAL, authPassphrase, privPassphrase);
  }

  /**
   * Adds a user, or gives a known one new passphrases. The agent answers as soon as this returns.
   *
   * @param name 1 to 32 letters, digits or {@code . _ @ -}, the first a letter or digit
   * @param auth SHA-256, SHA-384 or SHA-512
   * @param priv AES-128 or AES-256
   * @param authPassphrase at least {@link #MIN_PASSPHRASE} characters
   * @param privPassphrase likewise, and another one
   * @throws IllegalArgumentException if one of these breaks its rule; says which, never the value
   * @throws IOException if the user cannot be stored or the agent cannot listen; nothing has
   *     changed
   */
  public void add(
      String name, String auth, String priv, String authPassphrase, String privPassphrase)
      throws IOException {
    add(name, Protection.of(auth, priv), authPassphrase, privPassphrase);
  }

  private synchronized void add(
      String name, Protection protection, String authPassphrase, String privPassphrase)
      throws IOException {
    check(name, authPassphrase, privPassphrase);
    if (configured.containsKey(name)) {
      throw new IllegalArgumentException(OF_SETTINGS.formatted(name));
    }
    Map<String, User> changed = new TreeMap<>(users);
    changed.put(name, user(name, protection, authPassphrase, privPassphrase));
    change(changed);
  }

  private User user(
      String name, Protection protection, String authPassphrase, String privPassphrase) {
    List<OctetString> keys = protection.localised(authPassphrase, privPassphrase, engine.id());
    return new User(name, protection, keys.get(0), keys.get(1));
  }

  /**
   * Has these users beside those that are stored, and no others that it had so before.
   *
   * @throws IllegalArgumentException if a user of that name is stored
   * @throws IOException if the agent cannot listen; nothing has changed
   */
  synchronized void configure(List<UsersFile.Given> given) throws IOException {
    Map<String, User> changed = new TreeMap<>();
    for (UsersFile.Given one : given) {
      if (users.containsKey(one.name())) {
        throw new IllegalArgumentException(
            "there is an SNMP user '"
                + one.name()
                + "' already; remove it (gatehouse snmp user remove), or name it otherwise");
      }
      changed.put(
          one.name(),
          user(one.name(), one.protection(), one.authPassphrase(), one.privPassphrase()));
    }
    listener.changed(all(users, changed));
    configured = changed;
  }

  /** Names of the users of the settings, sorted. */
  public synchronized List<String> configured() {
    return List.copyOf(configured.keySet());
  }

  private static Collection<User> all(Map<String, User> some, Map<String, User> others) {
    Map<String, User> all = new TreeMap<>(some);
    all.putAll(others);
    return all.values();
  }

  /**
   * Whether a user can have this name and these passphrases.
   *
   * @throws IllegalArgumentException if not; says which, never the value
   */
  static void check(String name, String authPassphrase, String privPassphrase) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "SNMP user name '"
              + name
              + "' is not 1 to 32 letters, digits or . _ @ - starting with a letter or digit");
    }
    checkLength("authentication", authPassphrase);
    checkLength("privacy", privPassphrase);
    if (authPassphrase.equals(privPassphrase)) {
      throw new IllegalArgumentException(
          "the authentication and the privacy passphrase are the same; choose two different ones");
    }
  }

  /**
   * Removes a user. With the last one the agent closes its socket.
   *
   * @return whether there was such a user
   * @throws IllegalArgumentException if it is one of the settings
   * @throws IOException if the change cannot be stored; nothing has changed
   */
  public synchronized boolean remove(String name) throws IOException {
    if (configured.containsKey(name)) {
      throw new IllegalArgumentException(OF_SETTINGS.formatted(name));
    }
    Map<String, User> changed = new TreeMap<>(users);
    if (changed.remove(name) == null) {
      return false;
    }
    change(changed);
    return true;
  }

  /** Names of the users, sorted. */
  public synchronized List<String> list() {
    return all(users, configured).stream().map(User::name).toList();
  }

  private void change(Map<String, User> changed) throws IOException {
    write(changed);
    try {
      listener.changed(all(changed, configured));
    } catch (IOException e) {
      write(users);
      throw e;
    }
    users = changed;
  }

  private static void checkLength(String which, String passphrase) {
    if (passphrase.codePointCount(0, passphrase.length()) < MIN_PASSPHRASE) {
      throw new IllegalArgumentException(
          "the " + which + " passphrase is shorter than " + MIN_PASSPHRASE + " characters");
    }
  }

  private void write(Map<String, User> to) throws IOException {
    StringBuilder text =
        new StringBuilder("# SNMPv3 users. Written by the data plane; do not edit.\n")
            .append("# The keys fit the engine below and no other.\n")
            .append("engine ")
            .append(engine.text())
            .append('\n');
    HexFormat hex = HexFormat.of();
    for (User user : to.values()) {
      text.append(
          "user %s %s %s %s %s\n"
              .formatted(
                  user.name,
                  user.protection.authName(),
                  hex.formatHex(user.authKey.getValue()),
                  user.protection.privName(),
                  hex.formatHex(user.privKey.getValue())));
    }
    text.append("end\n");
    AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, User> read(Path file, Engine engine) throws IOException {
    Map<String, User> users = new TreeMap<>();
    List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
    boolean engineSeen = false;
    boolean end = false;
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split(" ", -1);
      if (lines.get(i).startsWith("#")) {
        continue;
      }
      if (end) {
        throw damaged(file, i + 1, "text after 'end'");
      } else if (words.length == 2
          && words[0].equals("engine")
          && ENGINE.matcher(words[1]).matches()
          && !engineSeen) {
        if (!words[1].equals(engine.text())) {
          throw new IOException(
              "%s:%d: keys are for engine %s, but this engine is %s; remove the file and add the SNMP users again"
                  .formatted(file, i + 1, words[1], engine.text()));
        }
        engineSeen = true;
      } else if (words.length == 6 && words[0].equals("user") && engineSeen) {
        User user = user(file, i + 1, words);
        if (users.put(user.name, user) != null) {
          throw damaged(file, i + 1, "user '" + user.name + "' twice");
        }
      } else if (words.length == 1 && words[0].equals("end") && engineSeen) {
        end = true;
      } else {
        throw damaged(file, i + 1, "a line that is none of 'engine', 'user', 'end'");
      }
    }
    if (!end) {
      throw damaged(file, lines.size(), "no 'end', so the file is cut");
    }
    return users;
  }

  private static User user(Path file, int line, String[] words) throws IOException {
    if (!NAME.matcher(words[1]).matches()) {
      throw damaged(file, line, "user name '" + words[1] + "'");
    }
    Protection protection;
    try {
      protection = Protection.of(words[2], words[4]);
    } catch (IllegalArgumentException e) {
      throw damaged(file, line, String.valueOf(e.getMessage()));
    }
    try {
      byte[] authKey = HexFormat.of().parseHex(words[3]);
      byte[] privKey = HexFormat.of().parseHex(words[5]);
      if (protection.fits(authKey, privKey)) {
        return new User(words[1], protection, new OctetString(authKey), new OctetString(privKey));
      }
    } catch (IllegalArgumentException e) {
      // The message would show the key; the one below does not.
    }
    throw damaged(file, line, "a key of the wrong length or with other than hexadecimal digits");
  }

  private static IOException damaged(Path file, int line, String what) {
    return new IOException(
        "%s:%d: damaged, %s; remove the file and add the SNMP users again"
            .formatted(file, line, what));
  }
}
