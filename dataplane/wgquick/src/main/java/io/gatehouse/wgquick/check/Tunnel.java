// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.TunnelConfig.Table;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file without errors, and what the checks ask of it. For one run, on one thread. */
final class Tunnel {
  /** RT_TABLE_MAIN of rtnetlink(7). */
  private static final int MAIN_TABLE = 254;

  final WgQuickFile file;
  final TunnelConfig config;

  /** The interface's name, or the file's if that gives none. */
  final String name;

  /** Allowed IPs of enabled peers, before later ones take them from earlier ones. */
  final List<WrittenPrefix> allowedIps;

  /** Whether it is asked about; otherwise it is only compared with. */
  final boolean asked;

  private final Map<PublicKey, PeerConfig> peers = new HashMap<>();

  private Tunnel(WgQuickFile file, TunnelConfig config, boolean asked) {
    this.file = file;
    this.config = config;
    this.asked = asked;
    this.name = file.interfaceName().map(InterfaceName::value).orElse(file.fileName());
    this.allowedIps = file.writtenAllowedIps();
    config.peers().forEach(peer -> peers.put(peer.publicKey(), peer));
  }

  static Optional<Tunnel> of(WgQuickFile file, boolean asked) {
    return file.config().map(config -> new Tunnel(file, config, asked));
  }

  /** How findings name a peer. */
  String shown(PublicKey key) {
    PeerConfig peer = peers.get(key);
    return peer == null ? key.toString() : peer.shown();
  }

  int line(Key key) {
    return file.lineOf(FileEdit.INTERFACE, key);
  }

  int line(Key key, String value) {
    return file.lineOf(FileEdit.INTERFACE, key, value);
  }

  int line(PublicKey peer, Key key) {
    return file.lineOf(FileEdit.peer(peer), key);
  }

  /** Whether routes go where every packet looks for them. */
  boolean hasMainRoutes() {
    return config.table() instanceof Table.Auto
        || config.table().equals(new Table.Numbered(MAIN_TABLE));
  }
}
