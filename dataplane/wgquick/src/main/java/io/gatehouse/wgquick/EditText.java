// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import io.gatehouse.wgquick.FileEdit.Place;
import java.util.List;

/** Edits in words for people, near to what stands in files. Never with a secret. Stateless. */
final class EditText {
  private EditText() {}

  static String of(FileEdit edit) {
    return switch (edit) {
      case FileEdit.Set(Place place, Key key, List<String> values) ->
          at(place) + set(key.text(), values, key);
      case FileEdit.Add(Place place, Key key, String value) ->
          at(place) + "add " + key.text() + " = " + shown(key, value);
      case FileEdit.Remove(Place place, Key key, String value) ->
          at(place) + "take away " + key.text() + " = " + shown(key, value);
      case FileEdit.Replace(Place place, Key key, String value, String by) ->
          at(place) + key.text() + " = " + shown(key, by) + " in place of " + shown(key, value);
      case FileEdit.SetOwn(Place place, OwnKey<?> key, List<String> values) ->
          at(place)
              + (values.isEmpty()
                  ? "take away # " + key
                  : "# " + key + " = " + String.join(", ", values));
      case FileEdit.Rename(PublicKey peer, var name) ->
          at(FileEdit.peer(peer))
              + name.map(text -> "name it " + text).orElse("take its name away");
      case FileEdit.AddPeer(PeerConfig peer) -> "add [Peer] " + peer.publicKey();
      case FileEdit.RemovePeer(PublicKey peer) -> "take away [Peer] " + peer;
      case FileEdit.ReplaceKey(PublicKey peer, PublicKey by) ->
          at(FileEdit.peer(peer)) + "PublicKey = " + by;
      case FileEdit.Disable(PublicKey peer) -> at(FileEdit.peer(peer)) + "disable it";
      case FileEdit.Enable(PublicKey peer) -> at(FileEdit.peer(peer)) + "enable it";
    };
  }

  private static String at(Place place) {
    return switch (place) {
      case Place.Interface() -> "[Interface] ";
      case Place.Peer(PublicKey peer) -> "[Peer] " + peer + ": ";
    };
  }

  private static String set(String key, List<String> values, Key of) {
    return values.isEmpty()
        ? "take away " + key
        : key + " = " + shown(of, String.join(", ", values));
  }

  private static String shown(Key key, String value) {
    return key.isSecret() ? Shown.HIDDEN : value;
  }
}
