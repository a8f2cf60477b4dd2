// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.diagnose;

import io.gatehouse.control.DriftLine;
import io.gatehouse.control.DropStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.peers.Overlaps;
import java.util.ArrayList;
import java.util.List;

/**
 * One question on the way from "the peer cannot connect" to why. The questions come in the order in
 * which a packet would meet their subjects; the first that fails is the one to look at.
 *
 * @param key names the texts {@code check.KEY}, {@code check.KEY.good} and {@code check.KEY.bad}
 * @param verdict what the state of the gateway says
 * @param evidence a value that shows it; may be empty
 */
public record Check(String key, Verdict verdict, String evidence) {
  /** How a question is answered. */
  public enum Verdict {
    /** As it should be. */
    GOOD,
    /** This is why it does not work, or may be. */
    BAD,
    /** Cannot be told before an earlier one is good. */
    UNKNOWN
  }

  static List<Check> of(TunnelStatus tunnel, PeerStatus peer) {
    List<Check> checks = new ArrayList<>();
    checks.add(new Check("tunnel", verdict(tunnel.state() == TunnelStatus.State.UP), ""));
    boolean inForce =
        switch (peer.state()) {
          case DISABLED, EXPIRED, OVER_QUOTA -> false;
          case NEVER, UP, IDLE, RETRYING -> true;
        };
    checks.add(new Check("force", verdict(inForce), ""));
    List<String> otherwise =
        tunnel.effectiveDrift().stream()
            .filter(line -> isAbout(line, peer))
            .map(line -> line.setting().isEmpty() ? line.subject() : line.setting())
            .toList();
    checks.add(
        new Check(
            "file",
            verdict(otherwise.isEmpty()),
            String.join(", ", otherwise).replace(" (" + peer.publicKey() + ")", "")));
    checks.add(new Check("endpoint", verdict(!peer.endpoint().isEmpty()), peer.endpoint()));
    boolean answered = peer.lastHandshake() != 0;
    long strangers = count(tunnel.drops(), "UNKNOWN_PEER") + count(tunnel.drops(), "BAD_MAC1");
    checks.add(
        new Check(
            "arrival",
            answered ? Verdict.GOOD : strangers == 0 ? Verdict.UNKNOWN : Verdict.BAD,
            answered || strangers == 0 ? "" : Long.toString(strangers)));
    checks.add(new Check("handshake", verdict(answered && peer.state() != PeerState.RETRYING), ""));
    checks.add(
        new Check(
            "data",
            answered ? verdict(peer.rxPackets() > 0) : Verdict.UNKNOWN,
            Long.toString(peer.rxPackets())));
    long foreign = count(peer.drops(), "SOURCE_NOT_ALLOWED");
    checks.add(
        new Check(
            "source",
            answered ? verdict(foreign == 0) : Verdict.UNKNOWN,
            foreign == 0 ? "" : Long.toString(foreign)));
    List<String> taken =
        peer.allowedIps().stream()
            .flatMap(network -> Overlaps.of(tunnel, peer, network).stream())
            .filter(overlap -> overlap.kind() != Overlaps.Kind.WITHIN)
            .map(Overlaps.Overlap::prefix)
            .distinct()
            .toList();
    checks.add(new Check("networks", verdict(taken.isEmpty()), String.join(", ", taken)));
    return checks;
  }

  /** Whether somebody has changed by hand what the peer's packets depend on. */
  private static boolean isAbout(DriftLine line, PeerStatus peer) {
    return line.kind() == PlanKind.DEVICE
        || line.kind() == PlanKind.PEER && line.subject().contains(peer.publicKey());
  }

  private static Verdict verdict(boolean good) {
    return good ? Verdict.GOOD : Verdict.BAD;
  }

  private static long count(List<DropStatus> drops, String reason) {
    return drops.stream()
        .filter(drop -> drop.reason().equals(reason))
        .mapToLong(DropStatus::count)
        .sum();
  }
}
