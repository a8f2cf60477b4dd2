// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Optional;

/**
 * One tunnel at one moment. Holds no secret.
 *
 * @param name interface name
 * @param file the wg-quick file it comes from, or empty when steered by UAPI alone
 * @param state whether it carries packets
 * @param ifIndex the kernel's interface index, 0 when there is none
 * @param publicKey base64, or empty when no private key is set
 * @param listenPort UDP port in use, 0 when there is none
 * @param fwMark 0 is off
 * @param mtu bytes, 0 when there is no interface
 * @param addresses {@code address/length}
 * @param peers in the file's order, those that are not in force among them
 * @param findings about the file as it stands now; where it cannot be applied, or is {@code
 *     HELD-BACK}, the running state is the last good one
 * @param rxBytes IP bytes written to the interface (ifHCInOctets)
 * @param txBytes IP bytes read from the interface (ifHCOutOctets)
 * @param rxPackets IP packets written to the interface
 * @param txPackets IP packets read from the interface
 * @param rxDrops packets from the network that were dropped
 * @param txDrops packets from the interface that were dropped
 * @param drops what went no further and belongs to no known peer; what belongs to one is there
 * @param offloads how each of the kernel's offloads fares, empty when there is no interface
 * @param since Unix seconds when it came up, 0 when it is not up
 * @param activity what it did about handshakes; missing when there is no interface
 * @param drift what runs otherwise than the file says
 */
public record TunnelStatus(
    String name,
    String file,
    State state,
    int ifIndex,
    String publicKey,
    int listenPort,
    int fwMark,
    int mtu,
    List<String> addresses,
    List<PeerStatus> peers,
    List<FindingStatus> findings,
    long rxBytes,
    long txBytes,
    long rxPackets,
    long txPackets,
    long rxDrops,
    long txDrops,
    List<DropStatus> drops,
    List<OffloadStatus> offloads,
    long since,
    Optional<TunnelActivity> activity,
    List<DriftLine> drift) {
  /** Whether a tunnel carries packets. */
  public enum State {
    /** Interface up, socket open. */
    UP,
    /** Interface there, but down; or none, on purpose or for the moment, as the findings say. */
    DOWN,
    /** There is a file, but nothing of it could be brought up; the findings say why. */
    FAILED
  }

  /** Copies the lists. */
  public TunnelStatus {
    addresses = List.copyOf(addresses);
    peers = List.copyOf(peers);
    findings = List.copyOf(findings);
    drops = List.copyOf(drops);
    offloads = List.copyOf(offloads);
    drift = List.copyOf(drift);
  }

  /** What runs otherwise than the file says and is not ignored. */
  public List<DriftLine> effectiveDrift() {
    return drift.stream().filter(line -> !line.ignored()).toList();
  }

  /** One that runs as its file says, without word of handshakes. */
  public TunnelStatus(
      String name,
      String file,
      State state,
      int ifIndex,
      String publicKey,
      int listenPort,
      int fwMark,
      int mtu,
      List<String> addresses,
      List<PeerStatus> peers,
      List<FindingStatus> findings,
      long rxBytes,
      long txBytes,
      long rxPackets,
      long txPackets,
      long rxDrops,
      long txDrops,
      List<DropStatus> drops,
      List<OffloadStatus> offloads,
      long since) {
    this(
        name,
        file,
        state,
        ifIndex,
        publicKey,
        listenPort,
        fwMark,
        mtu,
        addresses,
        peers,
        findings,
        rxBytes,
        txBytes,
        rxPackets,
        txPackets,
        rxDrops,
        txDrops,
        drops,
        offloads,
        since,
        Optional.empty(),
        List.of());
  }

  /** All but the peers, for where tunnels are listed. */
  public TunnelStatus withoutPeers() {
    return with(List.of(), findings);
  }

  /** The same with other peers and findings. */
  TunnelStatus with(List<PeerStatus> otherPeers, List<FindingStatus> otherFindings) {
    return new TunnelStatus(
        name,
        file,
        state,
        ifIndex,
        publicKey,
        listenPort,
        fwMark,
        mtu,
        addresses,
        otherPeers,
        otherFindings,
        rxBytes,
        txBytes,
        rxPackets,
        txPackets,
        rxDrops,
        txDrops,
        drops,
        offloads,
        since,
        activity,
        drift);
  }
}
