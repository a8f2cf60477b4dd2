// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a wg-quick file says, typed (wg-quick(8), wg(8) CONFIGURATION FILE FORMAT).
 *
 * @param privateKey of the interface
 * @param listenPort 0 to 65535; absent or 0 means any free port
 * @param fwMark 0 is off; absent means the file does not say
 * @param addresses interface addresses with their host bits, in file order
 * @param dns servers and search domains, as written
 * @param mtu bytes, absent means computed
 * @param table where the routes of AllowedIPs go
 * @param preUp hooks, in order, as written
 * @param postUp hooks, in order, as written
 * @param preDown hooks, in order, as written
 * @param postDown hooks, in order, as written
 * @param saveConfig {@code SaveConfig = true}
 * @param own what is said of the interface by keys of our own
 * @param peers those that are applied, in file order, one per public key
 * @param disabledPeers those whose section is switched off, in file order, one per section
 */
public record TunnelConfig(
    Optional<SecretKey> privateKey,
    OptionalInt listenPort,
    OptionalInt fwMark,
    List<Prefix> addresses,
    List<String> dns,
    OptionalInt mtu,
    Table table,
    List<String> preUp,
    List<String> postUp,
    List<String> preDown,
    List<String> postDown,
    boolean saveConfig,
    OwnValues own,
    List<PeerConfig> peers,
    List<PeerConfig> disabledPeers) {
  /** Where routes go ({@code Table}). */
  public sealed interface Table {
    /** {@code auto}: the main table, and policy routing for default routes. */
    record Auto() implements Table {}

    /** {@code off}: no routes. */
    record Off() implements Table {}

    /**
     * A table by number.
     *
     * @param number 1 to 2^32-1, unsigned in an int
     */
    record Numbered(int number) implements Table {}
  }

  /** Copies the lists. */
  public TunnelConfig {
    addresses = List.copyOf(addresses);
    dns = List.copyOf(dns);
    preUp = List.copyOf(preUp);
    postUp = List.copyOf(postUp);
    preDown = List.copyOf(preDown);
    postDown = List.copyOf(postDown);
    peers = List.copyOf(peers);
    disabledPeers = List.copyOf(disabledPeers);
  }

  /** The same with other peers that are applied. */
  public TunnelConfig withPeers(List<PeerConfig> others) {
    return new TunnelConfig(
        privateKey,
        listenPort,
        fwMark,
        addresses,
        dns,
        mtu,
        table,
        preUp,
        postUp,
        preDown,
        postDown,
        saveConfig,
        own,
        others,
        disabledPeers);
  }

  /** The part of it that is for wg(8). */
  public WgConfig wg() {
    return new WgConfig(privateKey, listenPort, fwMark, peers);
  }

  /** Whether this acts as {@code wg} in what is for wg(8), and in all else as {@code quick}. */
  boolean says(TunnelConfig quick, WgConfig wg) {
    return SavedState.acts(wg()).equals(SavedState.acts(wg))
        && addresses.equals(quick.addresses)
        && dns.equals(quick.dns)
        && mtu.equals(quick.mtu)
        && table.equals(quick.table)
        && preUp.equals(quick.preUp)
        && postUp.equals(quick.postUp)
        && preDown.equals(quick.preDown)
        && postDown.equals(quick.postDown)
        && saveConfig == quick.saveConfig
        && own.equals(quick.own);
  }
}
