// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.PlanChange;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.PlanLine;
import io.gatehouse.control.PlanOutcome;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.control.TunnelPlan;
import io.gatehouse.daemon.tunnels.Hooks.Moment;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says what would be done to tunnels, one after the other, and does nothing. Each later one is
 * planned for the machine as the ones before would leave it. Control thread.
 */
final class Planner {
  /** What may be a key, wherever it stands in the line of a hook. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{43}=|[0-9a-fA-F]{64}");

  private final Network network;
  private final boolean hooks;
  private final ForeseenMachine machine;
  private final List<TunnelPlan> plans = new ArrayList<>();

  /**
   * A planner for one question.
   *
   * @param hooks whether hooks are run
   */
  Planner(Network network, boolean hooks) {
    this.network = network;
    this.hooks = hooks;
    this.machine = new ForeseenMachine(network);
  }

  /** All that was planned. */
  PlanStatus status() {
    return new PlanStatus(plans);
  }

  /** A tunnel whose file is gone. */
  void goes(String fileName, FileTunnel tunnel) {
    try {
      Optional<Foresight> end = tunnel.foreseeEnd();
      if (end.isPresent()) {
        List<PlanLine> lines = new ArrayList<>();
        tunnel.view().config().ifPresent(config -> hooks(Moment.PRE_DOWN, config, lines));
        lines.addAll(lines(tunnel.name(), end.get(), Optional.empty()));
        tunnel.view().config().ifPresent(config -> hooks(Moment.POST_DOWN, config, lines));
        machine.changes(end.get().plan().before(), Setup.NONE);
        add(tunnel.name().value(), fileName, PlanOutcome.GOES_DOWN, lines, List.of());
      }
    } catch (LinuxException e) {
      fails(tunnel.name().value(), fileName, List.of(notApplied(fileName, e)));
    }
  }

  /** A file that is not applied. */
  void fails(String tunnel, String fileName, List<Finding> findings) {
    add(tunnel, fileName, PlanOutcome.NOT_APPLIED, List.of(), findings);
  }

  /**
   * A file with its tunnel, which need not be there yet.
   *
   * @param findings about the file
   */
  void follows(FileTunnel tunnel, WgQuickFile document, List<Finding> findings) {
    String fileName = document.fileName();
    String name = tunnel.name().value();
    TunnelConfig wanted = document.config().orElse(null);
    if (wanted == null) {
      fails(name, fileName, findings);
      return;
    }
    if (tunnel.isBusy()) {
      fails(name, fileName, List.of(TunnelFinding.TUNNEL_BUSY.of(fileName)));
      return;
    }
    try {
      boolean comes = !tunnel.isThere();
      if (comes && network.hasInterface(tunnel.name())) {
        fails(name, fileName, List.of(TunnelFinding.INTERFACE_EXISTS.of(fileName)));
        return;
      }
      Foresight foresight = tunnel.foresee(wanted, machine);
      List<PlanLine> lines = new ArrayList<>();
      if (comes) {
        hooks(Moment.PRE_UP, wanted, lines);
      }
      lines.addAll(lines(tunnel.name(), foresight, Optional.of(document)));
      if (comes) {
        hooks(Moment.POST_UP, wanted, lines);
      }
      machine.changes(foresight.plan().before(), foresight.plan().after());
      if (comes || !lines.isEmpty()) {
        add(
            name,
            fileName,
            comes ? PlanOutcome.COMES_UP : PlanOutcome.CHANGES,
            lines,
            said(findings, wanted, fileName));
      }
    } catch (LinuxException e) {
      fails(name, fileName, List.of(notApplied(fileName, e)));
    }
  }

  private List<Finding> said(List<Finding> findings, TunnelConfig wanted, String fileName) {
    List<Finding> all = new ArrayList<>(findings);
    if (!hooks && Moment.any(wanted)) {
      all.addAll(
          Admission.unsaid(
              List.of(FindingCode.HOOKS_OFF.at(fileName, 0, Moment.in(wanted))), findings));
    }
    return all;
  }

  private static Finding notApplied(String fileName, LinuxException e) {
    return TunnelFinding.NOT_APPLIED.of(fileName, String.valueOf(e.getMessage()));
  }

  private static List<PlanLine> lines(
      InterfaceName name, Foresight foresight, Optional<WgQuickFile> document) {
    return Differences.of(name, foresight, document).stream().map(Difference::line).toList();
  }

  private void hooks(Moment moment, TunnelConfig config, List<PlanLine> lines) {
    if (hooks) {
      for (String command : moment.of(config)) {
        lines.add(
            new PlanLine(
                PlanKind.HOOK,
                PlanChange.ADDED,
                moment.key,
                "",
                "",
                KEY.matcher(command).replaceAll("(hidden)"),
                0));
      }
    }
  }

  private void add(
      String tunnel,
      String fileName,
      PlanOutcome outcome,
      List<PlanLine> lines,
      List<Finding> findings) {
    plans.add(
        new TunnelPlan(
            tunnel, fileName, outcome, lines, findings.stream().map(FindingStatus::of).toList()));
  }
}
