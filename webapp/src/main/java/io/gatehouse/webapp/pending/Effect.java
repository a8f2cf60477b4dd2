// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.pending;

import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.PlanChange;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.PlanLine;
import io.gatehouse.control.PlanOutcome;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.control.TunnelPlan;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.live.Live;
import java.util.List;
import java.util.Optional;

/**
 * What a change would do to one tunnel, for people.
 *
 * @param tunnel its name
 * @param outcome for the tunnel as a whole
 * @param lines each difference
 * @param up how many of its peers have a session now
 * @param staying how many of those keep it
 */
public record Effect(
    String tunnel, PlanOutcome outcome, List<PlanLine> lines, long up, long staying) {
  /** What a change that is only looked at would do to all tunnels. */
  public static List<Effect> of(FilesChanged looked, Live live) {
    return looked.plan().map(PlanStatus::tunnels).orElse(List.of()).stream()
        .map(plan -> of(plan, live.now().tunnel(plan.tunnel())))
        .toList();
  }

  private static Effect of(TunnelPlan plan, Optional<TunnelStatus> status) {
    List<PeerStatus> up =
        status.map(TunnelStatus::peers).orElse(List.of()).stream()
            .filter(peer -> peer.state() == PeerState.UP)
            .toList();
    return new Effect(
        plan.tunnel(),
        plan.outcome(),
        plan.lines(),
        up.size(),
        up.stream().filter(peer -> keepsSession(plan, peer)).count());
  }

  /** What a difference is about; a peer that has a name goes by that alone. */
  public String subject(PlanLine line) {
    return line.subject().replaceFirst(" \\([A-Za-z0-9+/]{43}=\\)$", "");
  }

  /** What changes of a peer leaves its session alone, unless its keys do. */
  private static boolean keepsSession(TunnelPlan plan, PeerStatus peer) {
    return switch (plan.outcome()) {
      case GOES_DOWN -> false;
      case COMES_UP, NOT_APPLIED -> true;
      case CHANGES ->
          plan.lines().stream()
              .noneMatch(
                  line ->
                      endsSessions(line)
                          && (line.kind() == PlanKind.DEVICE
                              || line.subject().contains(peer.publicKey())));
    };
  }

  private static boolean endsSessions(PlanLine line) {
    return switch (line.kind()) {
      case PEER -> line.change() == PlanChange.REMOVED || line.setting().endsWith("Key");
      case DEVICE -> (line.subject() + line.setting()).contains("PrivateKey");
      default -> false;
    };
  }
}
