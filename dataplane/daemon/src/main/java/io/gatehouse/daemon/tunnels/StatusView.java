// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.DriftLine;
import io.gatehouse.control.DropStatus;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.OffloadStatus;
import io.gatehouse.control.PeerActivity;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.QuotaStatus;
import io.gatehouse.control.TunnelActivity;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.control.UdpStatus;
import io.gatehouse.daemon.datapath.OffloadState;
import io.gatehouse.daemon.datapath.TunnelCounters;
import io.gatehouse.daemon.tunnels.Network.TunnelInterface;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.HandshakeCounters;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PeerMetadata;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tells the state of tunnels in the words of the control contract: no secret leaves here. */
final class StatusView {
  private static final long SECOND_IN_NANOS = 1_000_000_000L;

  private StatusView() {}

  /**
   * A file without an interface.
   *
   * @param state DOWN when that is on purpose, else FAILED
   */
  static TunnelStatus absent(
      TunnelStatus.State state, String name, String file, List<Finding> findings) {
    return new TunnelStatus(
        name,
        file,
        state,
        0,
        "",
        0,
        0,
        0,
        List.of(),
        List.of(),
        findings.stream().map(FindingStatus::of).toList(),
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        List.of(),
        0);
  }

  /**
   * A tunnel that runs.
   *
   * @param withheld which peers of its file are not in force
   */
  static TunnelStatus running(
      InterfaceName name,
      TunnelInterface at,
      TunnelConfig config,
      Withheld withheld,
      long since,
      PeerNumbers numbers,
      QuotaUsage usage,
      List<Finding> findings,
      List<DriftLine> drift) {
    DeviceSnapshot device = at.snapshot();
    TunnelCounters counters = at.counters();
    return new TunnelStatus(
        name.value(),
        name.fileName(),
        at.isUp() ? TunnelStatus.State.UP : TunnelStatus.State.DOWN,
        at.ifIndex(),
        device.publicKey().map(PublicKey::toString).orElse(""),
        device.listenPort(),
        device.fwMark(),
        mtu(at),
        config.addresses().stream().map(Prefix::toString).toList(),
        peers(name, device, config, withheld, numbers, usage),
        findings.stream().map(FindingStatus::of).toList(),
        counters.rxBytes(),
        counters.txBytes(),
        counters.rxPackets(),
        counters.txPackets(),
        counters.rxDrops(),
        counters.txDrops(),
        drops(device.drops()),
        offloads(at.offloads()),
        since,
        Optional.of(activity(device.handshakes(), counters)),
        drift);
  }

  private static int mtu(TunnelInterface at) {
    try {
      return at.mtu();
    } catch (LinuxException e) {
      // It was deleted a moment ago.
      return 0;
    }
  }

  /** Those of the file in its order, then those that came in another way, by UAPI. */
  private static List<PeerStatus> peers(
      InterfaceName name,
      DeviceSnapshot device,
      TunnelConfig config,
      Withheld withheld,
      PeerNumbers numbers,
      QuotaUsage usage) {
    Map<PublicKey, PeerSnapshot> present = new HashMap<>();
    device.peers().forEach(peer -> present.put(peer.publicKey(), peer));
    List<PeerStatus> peers = new ArrayList<>(present.size());
    for (PeerConfig said : inFileOrder(config)) {
      PublicKey key = said.publicKey();
      PeerSnapshot peer = present.remove(key);
      Optional<QuotaStatus> quota = usage.status(name, said);
      if (peer != null) {
        peers.add(peer(numbers.number(name, key), peer, said.metadata(), quota));
      } else if (said.metadata().disabled()) {
        peers.add(absent(numbers.number(name, key), said, PeerState.DISABLED, quota));
      } else if (withheld.peers().containsKey(key)) {
        peers.add(absent(numbers.number(name, key), said, withheld.peers().get(key), quota));
      }
    }
    for (PeerSnapshot peer : device.peers()) {
      if (present.containsKey(peer.publicKey())) {
        int number = numbers.number(name, peer.publicKey());
        peers.add(peer(number, peer, PeerMetadata.NONE, Optional.empty()));
      }
    }
    return peers;
  }

  /** Once each: a section that is switched off does not count where another one is not. */
  private static Collection<PeerConfig> inFileOrder(TunnelConfig config) {
    if (config.disabledPeers().isEmpty()) {
      return config.peers();
    }
    Map<PublicKey, PeerConfig> once = new LinkedHashMap<>();
    config.peers().forEach(peer -> once.put(peer.publicKey(), peer));
    config.disabledPeers().forEach(peer -> once.putIfAbsent(peer.publicKey(), peer));
    return once.values().stream().sorted(Comparator.comparingInt(PeerConfig::line)).toList();
  }

  private static PeerStatus peer(
      int number, PeerSnapshot peer, PeerMetadata said, Optional<QuotaStatus> quota) {
    return new PeerStatus(
        number,
        peer.publicKey().toString(),
        said.name().orElse(""),
        state(peer),
        peer.endpoint().map(Endpoint::toString).orElse(""),
        peer.allowedIps().stream().map(Prefix::toString).toList(),
        peer.presharedKey().isPresent(),
        peer.persistentKeepalive(),
        peer.lastHandshakeEpochNanos() / SECOND_IN_NANOS,
        peer.lastHandshakeAgeNanos() < 0 ? -1 : peer.lastHandshakeAgeNanos() / SECOND_IN_NANOS,
        peer.unansweredNanos() < 0
            ? 0
            : Instant.now().minusNanos(peer.unansweredNanos()).getEpochSecond(),
        peer.rxBytes(),
        peer.txBytes(),
        peer.rxPackets(),
        peer.txPackets(),
        drops(peer.drops()),
        expires(said),
        quota,
        said.tags(),
        said.note().orElse(""),
        Optional.of(activity(peer.life())));
  }

  /** A peer that is only in the file. */
  private static PeerStatus absent(
      int number, PeerConfig said, PeerState state, Optional<QuotaStatus> quota) {
    return new PeerStatus(
        number,
        said.publicKey().toString(),
        said.name().orElse(""),
        state,
        "",
        said.allowedIps().stream().map(Prefix::toString).toList(),
        said.presharedKey().filter(key -> !key.isZero()).isPresent(),
        said.persistentKeepalive().orElse(0),
        0,
        -1,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        expires(said.metadata()),
        quota,
        said.metadata().tags(),
        said.metadata().note().orElse(""));
  }

  private static TunnelActivity activity(HandshakeCounters count, TunnelCounters counters) {
    return new TunnelActivity(
        counters.underLoad(),
        count.initiationsIn(),
        count.initiationsOut(),
        count.responsesIn(),
        count.responsesOut(),
        count.cookiesIn(),
        count.cookiesOut(),
        count.completed(),
        count.timedOut(),
        count.refused(),
        Optional.of(
            new UdpStatus(
                counters.udp().rxDatagrams(),
                counters.udp().txDatagrams(),
                counters.udp().rxBytes(),
                counters.udp().txBytes())),
        Optional.of(counters.since()));
  }

  private static PeerActivity activity(PeerSnapshot.Life life) {
    return new PeerActivity(
        life.handshakes(),
        life.handshakeFailures(),
        life.endpointChanges(),
        life.addedEpochNanos() / SECOND_IN_NANOS);
  }

  private static long expires(PeerMetadata said) {
    return said.expires().map(Instant::getEpochSecond).orElse(0L);
  }

  private static List<OffloadStatus> offloads(List<OffloadState> offloads) {
    return offloads.stream()
        .map(
            state ->
                new OffloadStatus(
                    state.offload().name(),
                    switch (state.use()) {
                      case ON -> OffloadStatus.Use.ON;
                      case OFF -> OffloadStatus.Use.OFF;
                      case UNAVAILABLE -> OffloadStatus.Use.UNAVAILABLE;
                    },
                    state.offload().setting(),
                    state.fallbacks(),
                    state.error()))
        .toList();
  }

  private static List<DropStatus> drops(Map<DropReason, Long> drops) {
    return new TreeMap<>(drops)
        .entrySet().stream()
            .map(drop -> new DropStatus(drop.getKey().name(), drop.getValue()))
            .toList();
  }

  private static PeerState state(PeerSnapshot peer) {
    return switch (peer.state()) {
      case NEVER -> PeerState.NEVER;
      case UP -> PeerState.UP;
      case IDLE -> PeerState.IDLE;
      case RETRYING -> PeerState.RETRYING;
    };
  }
}
