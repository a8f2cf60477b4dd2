// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code explain}: which way a packet would go now, and why. What does not apply is
 * empty.
 *
 * @param carried whether a tunnel would carry it, now or as soon as a handshake is done
 * @param arrivesBy interface that it would come in by; empty when it starts on this machine
 * @param rule of policy routing, in the words of {@code ip rule}
 * @param table routing table, unsigned, 0 when there is no route
 * @param route prefix of the kernel's route
 * @param leavesBy interface that it would leave by
 * @param tunnel name of the tunnel, when that interface is one
 * @param allowedIp the prefix of the peer that matches
 * @param peer public key, base64
 * @param peerName friendly name
 * @param endpoint {@code address:port}
 * @param endpointBy interface that the encrypted packet leaves by
 * @param state of the peer, as {@link PeerState}
 * @param answerAccepted whether a packet from the destination would be taken from that peer
 * @param steps the same in sentences, in the packet's order
 */
public record PacketExplanation(
    boolean carried,
    String arrivesBy,
    String rule,
    long table,
    String route,
    String leavesBy,
    String tunnel,
    String allowedIp,
    String peer,
    String peerName,
    String endpoint,
    String endpointBy,
    String state,
    boolean answerAccepted,
    List<String> steps) {
  /** Copies the list. */
  public PacketExplanation {
    steps = List.copyOf(steps);
  }
}
