// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device at one moment: what {@code get=1} of the UAPI answers, and a little more. Holds secrets;
 * their {@code toString} is masked.
 *
 * @param privateKey absent when none is set
 * @param publicKey absent when there is no private key
 * @param listenPort in use, 0 when none
 * @param fwMark 0 is off
 * @param drops how many packets and handshake messages went no further while their peer was not
 *     known, or of peers since removed; reasons that never occurred are left out. What was dropped
 *     in all is this and the drops of each peer.
 * @param peers in the order they were added
 * @param handshakes what was done about them since the device began
 */
public record DeviceSnapshot(
    Optional<SecretKey> privateKey,
    Optional<PublicKey> publicKey,
    int listenPort,
    int fwMark,
    Map<DropReason, Long> drops,
    List<PeerSnapshot> peers,
    HandshakeCounters handshakes) {
  /** Copies list and map. */
  public DeviceSnapshot {
    drops = Map.copyOf(drops);
    peers = List.copyOf(peers);
  }

  /** Of a device that has had nothing to do with handshakes. */
  public DeviceSnapshot(
      Optional<SecretKey> privateKey,
      Optional<PublicKey> publicKey,
      int listenPort,
      int fwMark,
      Map<DropReason, Long> drops,
      List<PeerSnapshot> peers) {
    this(privateKey, publicKey, listenPort, fwMark, drops, peers, HandshakeCounters.NONE);
  }

  /**
   * One peer at that moment.
   *
   * @param publicKey the peer
   * @param presharedKey absent when none is set
   * @param endpoint absent when not known
   * @param persistentKeepalive seconds, 0 is off
   * @param allowedIps masked, shortest first within a family, IPv4 first
   * @param lastHandshakeEpochNanos wall clock, 0 is never
   * @param lastHandshakeAgeNanos monotonic, -1 is never
   * @param rxBytes UDP payload octets received and authenticated, handshakes included
   * @param txBytes UDP payload octets sent, handshakes included
   * @param rxPackets data packets accepted
   * @param txPackets data packets sent
   * @param state what the handshake machine says
   * @param unansweredNanos monotonic, since the first initiation that was sent after the last
   *     completed handshake; -1 when none was
   * @param drops how many packets and handshake messages of this peer went no further; reasons that
   *     never occurred are left out
   * @param life what has happened to it
   */
  public record PeerSnapshot(
      PublicKey publicKey,
      Optional<SecretKey> presharedKey,
      Optional<Endpoint> endpoint,
      int persistentKeepalive,
      List<Prefix> allowedIps,
      long lastHandshakeEpochNanos,
      long lastHandshakeAgeNanos,
      long rxBytes,
      long txBytes,
      long rxPackets,
      long txPackets,
      State state,
      long unansweredNanos,
      Map<DropReason, Long> drops,
      Life life) {
    /**
     * What has happened to a peer since it was added.
     *
     * @param handshakes completed
     * @param handshakeFailures times that handshakes were given up after 90 s
     * @param endpointChanges times that its remote address or port became another
     * @param addedEpochNanos wall clock when it was added, or an earlier moment from when on its
     *     counters count
     */
    public record Life(
        long handshakes, long handshakeFailures, long endpointChanges, long addedEpochNanos) {
      /** Of a peer to which nothing has happened, at no known time. */
      public static final Life NONE = new Life(0, 0, 0, 0);
    }

    /** Of a peer to which nothing has happened. */
    public PeerSnapshot(
        PublicKey publicKey,
        Optional<SecretKey> presharedKey,
        Optional<Endpoint> endpoint,
        int persistentKeepalive,
        List<Prefix> allowedIps,
        long lastHandshakeEpochNanos,
        long lastHandshakeAgeNanos,
        long rxBytes,
        long txBytes,
        long rxPackets,
        long txPackets,
        State state,
        long unansweredNanos,
        Map<DropReason, Long> drops) {
      this(
          publicKey,
          presharedKey,
          endpoint,
          persistentKeepalive,
          allowedIps,
          lastHandshakeEpochNanos,
          lastHandshakeAgeNanos,
          rxBytes,
          txBytes,
          rxPackets,
          txPackets,
          state,
          unansweredNanos,
          drops,
          Life.NONE);
    }

    /** How it stands with a peer. */
    public enum State {
      /** No handshake has completed since the peer was added, and none is under way. */
      NEVER,
      /** There is a session that packets can use now. */
      UP,
      /** There was a session; it has expired and nothing asks for a new one. */
      IDLE,
      /** There is no session, and initiations are sent that have not been answered. */
      RETRYING
    }

    /** Copies list and map. */
    public PeerSnapshot {
      drops = Map.copyOf(drops);
      allowedIps = List.copyOf(allowedIps);
    }
  }
}
