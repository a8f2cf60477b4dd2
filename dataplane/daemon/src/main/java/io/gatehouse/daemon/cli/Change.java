// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.SecretKey;
import io.gatehouse.wgquick.WgConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The commands of wg(8) that change an interface through its UAPI socket. */
final class Change {
  private static final SecretKey NO_KEY = SecretKey.of(new byte[SecretKey.LENGTH]);

  private final WgInterfaces interfaces;
  private final Streams streams;

  Change(WgInterfaces interfaces, Streams streams) {
    this.interfaces = interfaces;
    this.streams = streams;
  }

  /** {@code set}. */
  int set(String name, List<String> words) throws Failure, IOException {
    SetValues values = new SetValues(EndpointLookup.ofSystem(streams), streams.err());
    return apply(name, SetWords.read(words, values));
  }

  /** {@code setconf}: the interface becomes what the file says. */
  int setconf(String name, String file) throws Failure, IOException {
    WgConfig wanted = ConfFile.read(file, streams);
    return apply(
        name,
        new DeviceChange(
            Optional.of(wanted.privateKey().orElse(NO_KEY)),
            OptionalInt.of(wanted.listenPort().orElse(0)),
            OptionalInt.of(wanted.fwMark().orElse(0)),
            true,
            peers(wanted)));
  }

  /** {@code addconf}: what the file does not name stays. */
  int addconf(String name, String file) throws Failure, IOException {
    WgConfig wanted = ConfFile.read(file, streams);
    return apply(
        name,
        new DeviceChange(
            wanted.privateKey(), wanted.listenPort(), wanted.fwMark(), false, peers(wanted)));
  }

  /** {@code syncconf}: as {@code setconf}, but only what differs is sent. */
  int syncconf(String name, String file) throws Failure, IOException {
    WgConfig wanted = ConfFile.read(file, streams);
    WgInterface running;
    try {
      running = interfaces.get(name);
    } catch (UapiException e) {
      throw new Failure(
          "Unable to retrieve current interface configuration: " + e.words(),
          e.remedy(name, interfaces.directory()));
    }
    DeviceChange change = Difference.between(running, wanted, peers(wanted));
    return change.isEmpty() ? 0 : apply(name, change);
  }

  private int apply(String name, DeviceChange change) throws Failure, IOException {
    try {
      interfaces.set(name, SetText.of(change));
      return 0;
    } catch (UapiException e) {
      throw new Failure(
          "Unable to modify interface: " + e.words(), e.remedy(name, interfaces.directory()));
    }
  }

  private List<PeerChange> peers(WgConfig wanted) throws Failure {
    EndpointLookup lookup = EndpointLookup.ofSystem(streams);
    List<PeerChange> changes = new ArrayList<>();
    for (PeerConfig peer : wanted.peers()) {
      Optional<Endpoint> endpoint = Optional.empty();
      if (peer.endpoint().isPresent()) {
        EndpointAddress given = peer.endpoint().get();
        endpoint = Optional.of(lookup.find(given.host(), given.port(), given.toString()));
      }
      changes.add(
          new PeerChange(
              peer.publicKey(),
              false,
              false,
              peer.presharedKey(),
              endpoint,
              peer.persistentKeepalive(),
              true,
              peer.allowedIps().stream()
                  .map(prefix -> new AllowedIpChange(prefix, false))
                  .toList()));
    }
    return changes;
  }
}
