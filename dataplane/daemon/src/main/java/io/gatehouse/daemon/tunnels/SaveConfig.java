// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.RefusedEdit;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

/** Writes a tunnel as it runs into its file, as {@code wg-quick save} does. */
final class SaveConfig {
  private static final Logger LOG = System.getLogger(SaveConfig.class.getName());

  private SaveConfig() {}

  /**
   * What wg(8) would show of a tunnel. A peer that is still where the file's name or address led
   * has the endpoint of the file.
   *
   * @param said what the file says
   * @param withheld its peers that are not in force, which stay as they are
   * @param known where that led for each peer
   */
  static WgConfig state(
      DeviceSnapshot device,
      TunnelConfig said,
      List<PeerConfig> withheld,
      Function<PublicKey, Optional<Endpoint>> known) {
    Map<PublicKey, PeerConfig> peers = new HashMap<>();
    said.peers().forEach(peer -> peers.put(peer.publicKey(), peer));
    Map<PublicKey, PeerConfig> state = new LinkedHashMap<>();
    withheld.forEach(peer -> state.put(peer.publicKey(), peer));
    for (PeerSnapshot peer : device.peers()) {
      PublicKey key = peer.publicKey();
      state.put(key, state(peer, Optional.ofNullable(peers.get(key)), known.apply(key)));
    }
    return new WgConfig(
        device.privateKey(),
        OptionalInt.of(device.listenPort()),
        OptionalInt.of(device.fwMark()),
        List.copyOf(state.values()));
  }

  private static PeerConfig state(
      PeerSnapshot peer, Optional<PeerConfig> said, Optional<Endpoint> known) {
    Optional<Endpoint> at = peer.endpoint().map(Endpoint::withoutSource);
    return new PeerConfig(
        peer.publicKey(),
        peer.presharedKey(),
        peer.allowedIps(),
        at.equals(known) ? said.flatMap(PeerConfig::endpoint) : at.map(SaveConfig::written),
        OptionalInt.of(peer.persistentKeepalive()),
        said.flatMap(PeerConfig::name),
        0);
  }

  /** As it stands in files. */
  static EndpointAddress written(Endpoint endpoint) {
    String text = endpoint.toString();
    String host = text.substring(0, text.lastIndexOf(':'));
    return new EndpointAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host, endpoint.port());
  }

  /**
   * Writes a state into a file, unless somebody has changed it meanwhile.
   *
   * @param applied the file as it was applied last
   * @return why not; empty when the file says it now
   */
  static Optional<Finding> write(Path path, WgQuickFile applied, WgConfig state) {
    return write(path, applied, () -> applied.saved(state));
  }

  /**
   * The same with any file.
   *
   * @param next what is to be written; may refuse
   */
  static Optional<Finding> write(Path path, WgQuickFile applied, Supplier<WgQuickFile> next) {
    String name = path.getFileName().toString();
    Optional<byte[]> there = DroppedFile.read(path).document().map(WgQuickFile::bytes);
    if (there.filter(bytes -> Arrays.equals(bytes, applied.bytes())).isEmpty()) {
      return Optional.of(TunnelFinding.FILE_CHANGED.of(name));
    }
    try {
      WgQuickFile saved = next.get();
      if (!saved.equals(applied)) {
        AtomicFile.write(path, saved.bytes());
        LOG.log(Level.INFO, name + " has the running state of its tunnel now");
      }
      return Optional.empty();
    } catch (RefusedEdit e) {
      return Optional.of(e.finding());
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(TunnelFinding.NOT_WRITTEN.of(name, String.valueOf(e.getMessage())));
    }
  }
}
