// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads the arguments of {@code set}: those of wg(8), and signs before allowed IPs. */
final class SetWords {
  private final SetValues values;
  private Optional<SecretKey> privateKey = Optional.empty();
  private OptionalInt listenPort = OptionalInt.empty();
  private OptionalInt fwMark = OptionalInt.empty();
  private final List<PeerChange> peers = new ArrayList<>();
  private @Nullable OpenPeer peer;

  /** The peer whose words are being read. */
  private static final class OpenPeer {
    final PublicKey publicKey;
    boolean remove;
    Optional<SecretKey> presharedKey = Optional.empty();
    Optional<Endpoint> endpoint = Optional.empty();
    OptionalInt persistentKeepalive = OptionalInt.empty();
    boolean replaceAllowedIps;
    final List<AllowedIpChange> allowedIps = new ArrayList<>();

    OpenPeer(PublicKey publicKey) {
      this.publicKey = publicKey;
    }

    PeerChange close() {
      return new PeerChange(
          publicKey,
          remove,
          false,
          presharedKey,
          endpoint,
          persistentKeepalive,
          replaceAllowedIps,
          allowedIps);
    }
  }

  private SetWords(SetValues values) {
    this.values = values;
  }

  /** The change that the words behind the interface's name ask for. */
  static DeviceChange read(List<String> words, SetValues values) throws Failure {
    SetWords reader = new SetWords(values);
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      reader.take(rest.next(), rest);
    }
    reader.closePeer();
    return new DeviceChange(
        reader.privateKey, reader.listenPort, reader.fwMark, false, reader.peers);
  }

  private void take(String word, Iterator<String> rest) throws Failure {
    OpenPeer open = peer;
    if (open != null && word.equals("remove")) {
      open.remove = true;
      return;
    }
    if (!rest.hasNext()) {
      throw unknown(word);
    }
    if (word.equals("peer")) {
      closePeer();
      peer = new OpenPeer(values.publicKey(rest.next()));
    } else if (open == null) {
      switch (word) {
        case "listen-port" -> listenPort = OptionalInt.of(values.port(rest.next()));
        case "fwmark" -> fwMark = OptionalInt.of(values.fwMark(rest.next()));
        case "private-key" -> privateKey = Optional.of(values.keyFile(rest.next()));
        default -> throw unknown(word);
      }
    } else {
      switch (word) {
        case "preshared-key" -> open.presharedKey = Optional.of(values.keyFile(rest.next()));
        case "endpoint" -> open.endpoint = Optional.of(values.endpoint(rest.next()));
        case "persistent-keepalive" ->
            open.persistentKeepalive = OptionalInt.of(values.persistentKeepalive(rest.next()));
        case "allowed-ips" -> {
          SetValues.AllowedIps given = values.allowedIps(rest.next());
          open.replaceAllowedIps |= given.replace();
          open.allowedIps.addAll(given.changes());
        }
        default -> throw unknown(word);
      }
    }
  }

  private void closePeer() {
    if (peer != null) {
      peers.add(peer.close());
      peer = null;
    }
  }

  private static Failure unknown(String word) {
    return new Failure(
        "Invalid argument: " + word,
        "Give listen-port, fwmark or private-key with a value, then peer KEY with its own:"
            + " gatehouse set --help.");
  }
}
