// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.SecretKey;
import java.util.List;
import java.util.Optional;

/**
 * Something to change in a file, as few lines of it as can be; what is so already changes nothing.
 * On the socket an object with the member {@code kind}, which is the name of the record in lower
 * case but for its humps, such as {@code addPeer}. A {@code key} is one of wg-quick's, such as
 * {@code AllowedIPs}, or one of our own, such as {@code gatehouse.expires}; {@code peer} is a
 * public key in base64, and where it is missing the interface is meant. Values are written as they
 * stand in files.
 */
public sealed interface EditStep {
  /**
   * Gives the file another text, as {@code file.write} does. Only as the first step of a file, and
   * with its {@code base}.
   *
   * @param text where a placeholder of the base stands for the key that it hid
   */
  record Text(String text) implements EditStep {
    /** Leaves the text out, for it may hold keys. */
    @Override
    public String toString() {
      return "Text[]";
    }
  }

  /**
   * Gives a key these values and no other.
   *
   * @param peer whose; missing for the interface
   * @param key see {@link EditStep}
   * @param values in this order; none takes the key away; {@code (generate)} for a private or
   *     preshared key that is to be made
   */
  record Set(Optional<String> peer, String key, List<String> values) implements EditStep {
    /** Copies the list. */
    public Set {
      values = List.copyOf(values);
    }

    /** Leaves the values of secrets out. */
    @Override
    public String toString() {
      boolean secret = Key.of(key).map(Key::isSecret).orElse(false);
      return "Set[peer=" + peer + ", " + key + "=" + (secret ? "(hidden)" : values) + "]";
    }
  }

  /**
   * Adds a value to a list, at its end.
   *
   * @param peer whose; missing for the interface
   * @param key of wg-quick, one that has several values
   * @param value what to add
   */
  record Add(Optional<String> peer, String key, String value) implements EditStep {}

  /**
   * Takes a value out of a list, wherever it stands.
   *
   * @param peer whose; missing for the interface
   * @param key of wg-quick, one that has several values
   * @param value what to take out
   */
  record Remove(Optional<String> peer, String key, String value) implements EditStep {}

  /**
   * Writes one value of a list anew, where it stands.
   *
   * @param peer whose; missing for the interface
   * @param key of wg-quick, one that has several values
   * @param value what stands there
   * @param by what is to stand there
   */
  record Replace(Optional<String> peer, String key, String value, String by) implements EditStep {}

  /**
   * Gives a peer a name.
   *
   * @param peer whose
   * @param name empty takes the name away
   */
  record Rename(String peer, String name) implements EditStep {}

  /**
   * Appends a peer, which must not be there yet.
   *
   * @param publicKey base64
   * @param name friendly name, or empty
   * @param allowedIps {@code address/length}, may be empty
   * @param endpoint {@code host:port}, or empty
   * @param persistentKeepalive seconds 0 to 65535, 0 is off
   * @param presharedKey a secret, written as base64 on the socket
   */
  record AddPeer(
      String publicKey,
      String name,
      List<String> allowedIps,
      String endpoint,
      int persistentKeepalive,
      Optional<SecretKey> presharedKey)
      implements EditStep {
    /** Copies the list. */
    public AddPeer {
      allowedIps = List.copyOf(allowedIps);
    }
  }

  /**
   * Takes every section of a peer away.
   *
   * @param peer which
   */
  record RemovePeer(String peer) implements EditStep {}

  /**
   * Gives a peer another key; all else stays.
   *
   * @param peer its key now
   * @param by its key then
   */
  record ReplaceKey(String peer, String by) implements EditStep {}

  /**
   * Switches a peer off, reversibly: its lines become comments.
   *
   * @param peer which
   */
  record Disable(String peer) implements EditStep {}

  /**
   * Switches a peer on again.
   *
   * @param peer which
   */
  record Enable(String peer) implements EditStep {}

  /**
   * Does what a finding's {@code fix} says. Refused if the checks do not find that there (any
   * more), or know no fix.
   *
   * @param code of the finding
   * @param line of the finding
   */
  record Fix(String code, int line) implements EditStep {}
}
