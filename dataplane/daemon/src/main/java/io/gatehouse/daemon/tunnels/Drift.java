// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.DriftLine;
import io.gatehouse.control.PlanKind;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a tunnel runs otherwise than its file says, because somebody has changed it by hand. It
 * is the same difference as that of a plan. Control thread, but for {@link #lines}.
 */
final class Drift {
  private static final Logger LOG = System.getLogger(Drift.class.getName());

  /** As many findings as the reader lists of each kind. */
  private static final int MOST = 100;

  private final InterfaceName name;
  private List<Difference> found = List.of();
  private List<Difference> ignored = List.of();
  private List<Difference> ofPostUp = List.of();
  private volatile List<DriftLine> lines = List.of();

  Drift(InterfaceName name) {
    this.name = name;
  }

  /** For anybody to see, those that are ignored among them. Any thread. */
  List<DriftLine> lines() {
    return lines;
  }

  /** A finding for each that is not ignored. */
  List<Finding> findings() {
    return lines.stream()
        // Healing has words of its own for that.
        .filter(line -> !line.ignored() && line.kind() != PlanKind.MTU)
        .limit(MOST)
        .map(line -> TunnelFinding.DRIFT.at(name.fileName(), line.line(), "", line.text()))
        .toList();
  }

  /** All that differs, but for what the file's own PostUp did. */
  List<Difference> found() {
    return found;
  }

  /** What is to stay as it runs when a file is applied. */
  List<Difference> ignored() {
    return and(ofPostUp, ignored);
  }

  /** What the file's own PostUp did. */
  List<Difference> ofPostUp() {
    return ofPostUp;
  }

  /**
   * Takes note of what differs now.
   *
   * @param all that differs
   */
  void look(List<Difference> all) {
    ofPostUp = intersection(ofPostUp, all);
    found = all.stream().filter(each -> !holds(ofPostUp, each)).toList();
    // What has changed, or was away for a while, is drift again.
    ignored = intersection(ignored, found);
    boolean hadSome = lines.stream().anyMatch(line -> !line.ignored());
    show();
    if (hadSome && found.isEmpty()) {
      LOG.log(Level.INFO, name + " runs as its file says again");
    }
  }

  /** What differs now may stay so. */
  void ignore() {
    ignored = found;
    show();
  }

  /** What differs now is the work of the file's own PostUp. */
  void accept(List<Difference> all) {
    ofPostUp = all;
    look(all);
  }

  /** Begins anew with a new interface. */
  void reset() {
    found = List.of();
    ignored = List.of();
    ofPostUp = List.of();
    lines = List.of();
  }

  private void show() {
    lines = found.stream().map(each -> DriftLine.of(each.line(), holds(ignored, each))).toList();
  }

  private static boolean holds(List<Difference> list, Difference one) {
    return list.stream().anyMatch(one::isSameAs);
  }

  private static List<Difference> intersection(List<Difference> list, List<Difference> other) {
    return list.stream().filter(each -> holds(other, each)).toList();
  }

  private static List<Difference> and(List<Difference> some, List<Difference> more) {
    List<Difference> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}
