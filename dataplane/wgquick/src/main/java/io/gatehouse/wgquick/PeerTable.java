// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The peers that result from the sections, as {@code wg setconf} makes them: sections act one after
 * the other, a section about a known peer replaces its allowed IPs, and an allowed IP belongs to
 * the last peer that names it.
 */
final class PeerTable {
  private final Findings findings;
  private final Map<PublicKey, Entry> entries = new LinkedHashMap<>();
  private final Map<Prefix, Entry> owners = new HashMap<>();

  /** A peer and the allowed IPs it has so far. */
  private static final class Entry {
    PeerConfig said;
    final Set<Prefix> allowedIps = new LinkedHashSet<>();

    Entry(PeerConfig said) {
      this.said = said;
    }

    String shown() {
      return said.shown();
    }
  }

  PeerTable(Findings findings) {
    this.findings = findings;
  }

  void add(PeerSection section) {
    PublicKey key = section.publicKey;
    if (key == null) {
      if (!section.hasPublicKeyLine) {
        findings.add(FindingCode.NO_PUBLIC_KEY, section.line, "[Peer]");
      }
      return;
    }
    PeerConfig said = config(key, section);
    Entry entry = entries.get(key);
    if (entry == null) {
      entry = new Entry(said);
      entries.put(key, entry);
    } else {
      findings.add(FindingCode.PEER_TWICE, section.line, key.toString(), entry.said.line());
      entry.said = merge(entry.said, said);
      entry.allowedIps.forEach(owners::remove);
      entry.allowedIps.clear();
    }
    for (PeerSection.AllowedIp allowed : section.allowedIps) {
      Entry before = owners.put(allowed.prefix(), entry);
      if (before != null && before != entry) {
        before.allowedIps.remove(allowed.prefix());
        findings.add(
            FindingCode.ALLOWED_IPS_TAKEN,
            allowed.line(),
            allowed.prefix().toString(),
            before.shown(),
            entry.shown());
      }
      entry.allowedIps.add(allowed.prefix());
    }
    if (!section.hasAllowedIpsLine) {
      findings.add(FindingCode.NO_ALLOWED_IPS, section.line, key.toString());
    }
  }

  List<PeerConfig> peers() {
    List<PeerConfig> peers = new ArrayList<>(entries.size());
    for (Entry entry : entries.values()) {
      PeerConfig said = entry.said;
      peers.add(
          new PeerConfig(
              said.publicKey(),
              said.presharedKey(),
              List.copyOf(entry.allowedIps),
              said.endpoint(),
              said.persistentKeepalive(),
              said.metadata(),
              said.line()));
    }
    return peers;
  }

  /** What a section says that is switched off. */
  static PeerConfig disabled(PublicKey key, PeerSection section) {
    PeerConfig said = config(key, section);
    return new PeerConfig(
        key,
        said.presharedKey(),
        section.allowedIps.stream().map(PeerSection.AllowedIp::prefix).distinct().toList(),
        said.endpoint(),
        said.persistentKeepalive(),
        new PeerMetadata(section.name, true, section.own),
        section.line);
  }

  private static PeerConfig config(PublicKey key, PeerSection section) {
    Integer keepalive = section.persistentKeepalive;
    return new PeerConfig(
        key,
        Optional.ofNullable(section.presharedKey),
        List.of(),
        Optional.ofNullable(section.endpoint),
        keepalive == null ? OptionalInt.empty() : OptionalInt.of(keepalive),
        PeerMetadata.enabled(section.name, section.own),
        section.line);
  }

  /** What the later section says counts; what it leaves out stays. */
  private static PeerConfig merge(PeerConfig first, PeerConfig later) {
    return new PeerConfig(
        first.publicKey(),
        later.presharedKey().or(first::presharedKey),
        List.of(),
        later.endpoint().or(first::endpoint),
        later.persistentKeepalive().isPresent()
            ? later.persistentKeepalive()
            : first.persistentKeepalive(),
        first.metadata().overruledBy(later.metadata()),
        first.line());
  }
}
