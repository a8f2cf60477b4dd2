// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.wgquick.FileEdit.INTERFACE;

import io.gatehouse.control.PlanChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A file with that in it which runs otherwise, and nothing else changed: what a person has not
 * touched, such as an endpoint that has roamed or a port that the kernel chose, stays as it was
 * said.
 */
final class RunningState {
  private final DeviceSnapshot device;
  private final Map<PublicKey, PeerConfig> peers = new LinkedHashMap<>();
  private final List<FileEdit> edits = new ArrayList<>();
  private final List<Difference> unwritten = new ArrayList<>();
  private boolean ownKey;
  private boolean port;
  private boolean mark;

  private RunningState(TunnelConfig said, DeviceSnapshot device) {
    this.device = device;
    said.peers().forEach(peer -> peers.put(peer.publicKey(), peer));
  }

  /**
   * A file that says what runs.
   *
   * @param document as it is edited
   * @param unwritten what has no place in a file, such as a route
   */
  record Written(WgQuickFile document, List<Difference> unwritten) {}

  /**
   * Writes what differs into a file.
   *
   * @param document that has no error
   * @throws io.gatehouse.wgquick.RefusedEdit if it cannot be written
   * @throws IllegalArgumentException if it would not be read back as it is
   */
  static Written into(
      WgQuickFile document, TunnelConfig said, DeviceSnapshot device, List<Difference> drift) {
    RunningState state = new RunningState(said, device);
    drift.forEach(state::take);
    WgConfig wg =
        new WgConfig(
            state.ownKey ? device.privateKey() : said.privateKey(),
            state.port ? OptionalInt.of(device.listenPort()) : said.listenPort(),
            state.mark ? OptionalInt.of(device.fwMark()) : said.fwMark(),
            List.copyOf(state.peers.values()));
    return new Written(document.saved(wg).edit(state.edits), state.unwritten);
  }

  private void take(Difference difference) {
    switch (difference.line().kind()) {
      case DEVICE -> {
        ownKey |= is(difference, Key.PRIVATE_KEY);
        port |= is(difference, Key.LISTEN_PORT);
        mark |= is(difference, Key.FW_MARK);
      }
      case PEER -> {
        if (difference.place() instanceof FileEdit.Place.Peer(PublicKey key)) {
          peer(difference, key);
        }
      }
      case ADDRESS -> {
        String address = difference.line().subject();
        edits.add(
            difference.line().change() == PlanChange.REMOVED
                ? new FileEdit.Add(INTERFACE, Key.ADDRESS, address)
                : new FileEdit.Remove(INTERFACE, Key.ADDRESS, address));
      }
      case MTU -> edits.add(new FileEdit.Set(INTERFACE, Key.MTU, difference.line().before()));
      case DNS, ROUTE, RULE, NFTABLES, FORWARDING, HOOK -> unwritten.add(difference);
    }
  }

  private void peer(Difference difference, PublicKey key) {
    Optional<PeerSnapshot> runs =
        device.peers().stream().filter(peer -> peer.publicKey().equals(key)).findFirst();
    PeerConfig was = peers.get(key);
    if (runs.isEmpty()) {
      peers.remove(key);
    } else if (was == null) {
      peers.put(key, added(runs.get()));
    } else {
      PeerSnapshot now = runs.get();
      peers.put(
          key,
          new PeerConfig(
              key,
              is(difference, Key.PRESHARED_KEY) ? now.presharedKey() : was.presharedKey(),
              is(difference, Key.ALLOWED_IPS) ? now.allowedIps() : was.allowedIps(),
              is(difference, Key.ENDPOINT)
                  ? now.endpoint().map(Endpoint::withoutSource).map(SaveConfig::written)
                  : was.endpoint(),
              is(difference, Key.PERSISTENT_KEEPALIVE)
                  ? OptionalInt.of(now.persistentKeepalive())
                  : was.persistentKeepalive(),
              was.metadata(),
              was.line()));
    }
  }

  private static PeerConfig added(PeerSnapshot peer) {
    return new PeerConfig(
        peer.publicKey(),
        peer.presharedKey(),
        peer.allowedIps(),
        peer.endpoint().map(Endpoint::withoutSource).map(SaveConfig::written),
        OptionalInt.of(peer.persistentKeepalive()),
        Optional.<String>empty(),
        0);
  }

  private static boolean is(Difference difference, Key key) {
    return difference.key().equals(Optional.of(key));
  }
}
