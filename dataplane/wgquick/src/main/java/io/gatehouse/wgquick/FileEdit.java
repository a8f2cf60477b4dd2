// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.List;
import java.util.Optional;

/**
 * Something to change in a wg-quick file. {@link WgQuickFile#edit} makes the change in as few lines
 * as can be, written as the rest of the file is, and refuses it where it would not be read back as
 * given.
 *
 * <p>Values are texts as they stand in files, in Unicode. Where a peer has several enabled sections
 * they are edited as one; where it has none, those that are disabled. What is so already changes
 * nothing. A private or preshared key is masked in {@code toString}.
 */
public sealed interface FileEdit {
  /** Whose setting it is. */
  sealed interface Place {
    /** {@code [Interface]}; it is made if the file has none. */
    record Interface() implements Place {}

    /** {@code [Peer]}. */
    record Peer(PublicKey key) implements Place {}
  }

  /** The edit in a line for people, near to what stands in files then; never with a secret. */
  default String text() {
    return EditText.of(this);
  }

  /** The interface as a place. */
  Place.Interface INTERFACE = new Place.Interface();

  /** Gives a key these values and no other, in this order; none takes the key away. */
  record Set(Place place, Key key, List<String> values) implements FileEdit {
    /** Checks key and place against each other. */
    public Set {
      check(place, key);
      values = List.copyOf(values);
      if (values.size() > 1 && !key.isList()) {
        throw new IllegalArgumentException(key.text() + " has one value");
      }
    }

    /** Gives it one value. */
    public Set(Place place, Key key, String value) {
      this(place, key, List.of(value));
    }

    @Override
    public String toString() {
      return "Set[" + place + ", " + key.text() + " = " + shown(key, values.toString()) + "]";
    }
  }

  /** Adds a value to a list, at its end. */
  record Add(Place place, Key key, String value) implements FileEdit {
    /** Checks key and place against each other. */
    public Add {
      checkList(place, key);
    }
  }

  /** Takes a value out of a list, wherever it stands. */
  record Remove(Place place, Key key, String value) implements FileEdit {
    /** Checks key and place against each other. */
    public Remove {
      checkList(place, key);
    }
  }

  /** Writes one value of a list anew, where it stands. */
  record Replace(Place place, Key key, String value, String by) implements FileEdit {
    /** Checks key and place against each other. */
    public Replace {
      checkList(place, key);
    }
  }

  /** Gives a key of our own these values; none takes it away. Only lists have more than one. */
  record SetOwn(Place place, OwnKey<?> key, List<String> values) implements FileEdit {
    /** Checks key and place against each other. */
    public SetOwn {
      values = List.copyOf(values);
      OwnKey.Section section =
          place instanceof Place.Peer ? OwnKey.Section.PEER : OwnKey.Section.INTERFACE;
      if (!key.belongsTo(section) || values.size() > 1 && !key.isList()) {
        throw new IllegalArgumentException(key + " is not for this");
      }
    }

    /** Gives it one value. */
    public SetOwn(Place place, OwnKey<?> key, String value) {
      this(place, key, List.of(value));
    }
  }

  /** Gives a peer a name, or takes the one away that {@code # friendly_name} gives. */
  record Rename(PublicKey peer, Optional<String> name) implements FileEdit {}

  /** Appends a section; its line does not matter. The peer must not be there yet. */
  record AddPeer(PeerConfig peer) implements FileEdit {}

  /** Takes every section of a peer away, as {@link WgQuickFile#withoutPeer} does. */
  record RemovePeer(PublicKey peer) implements FileEdit {}

  /** Gives a peer another key; all else stays, comments included. */
  record ReplaceKey(PublicKey peer, PublicKey by) implements FileEdit {}

  /** Puts {@code #[disabled] } before each line of a peer's sections. */
  record Disable(PublicKey peer) implements FileEdit {}

  /** Takes the mark of disabled sections away, so that {@link Disable} is undone to the byte. */
  record Enable(PublicKey peer) implements FileEdit {}

  /** A peer as a place. */
  static Place.Peer peer(PublicKey key) {
    return new Place.Peer(key);
  }

  private static void check(Place place, Key key) {
    if (key.isOfPeer() != place instanceof Place.Peer || key == Key.PUBLIC_KEY) {
      throw new IllegalArgumentException(key.text() + " is not set so");
    }
  }

  private static void checkList(Place place, Key key) {
    check(place, key);
    if (!key.isList()) {
      throw new IllegalArgumentException(key.text() + " is no list");
    }
  }

  private static String shown(Key key, String value) {
    return key.isSecret() ? Shown.HIDDEN : value;
  }
}
