// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.daemon.tunnels.RunningState.Written;
import io.gatehouse.daemon.tunnels.Tunnels.Entry;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What can be done about tunnels that run otherwise than their files say: take the file, take what
 * runs, or ignore it. Thread-safe.
 */
public final class Drifts {
  private static final Logger LOG = System.getLogger(Drifts.class.getName());

  private final Tunnels tunnels;

  Drifts(Tunnels tunnels) {
    this.tunnels = tunnels;
  }

  /**
   * Makes a tunnel what its file says again, addresses and MTU included; drift that was ignored
   * ends, too. What the file's own PostUp did stays.
   *
   * @param tunnel interface name
   * @param origin who and why, for the log
   */
  public Edit takeFile(String tunnel, ChangeOrigin origin) {
    return ofRunning(
        tunnel,
        (entry, at) -> {
          say(entry, origin, "takes the file");
          Optional<Finding> trouble = at.takeFile(entry.applied());
          return trouble.<Edit>map(Tunnels::refused).orElseGet(() -> done(entry, List.of()));
        });
  }

  /**
   * Writes what runs otherwise into a tunnel's file; no other line of it changes.
   *
   * @param tunnel interface name
   * @param origin who and why, for the history
   */
  public Edit takeRunning(String tunnel, ChangeOrigin origin) {
    return ofRunning(tunnel, (entry, at) -> takeRunning(entry, at, origin));
  }

  private Edit takeRunning(Entry entry, FileTunnel at, ChangeOrigin origin) {
    Optional<WgQuickFile> applied = entry.applied();
    TunnelConfig said = applied.flatMap(WgQuickFile::config).orElse(null);
    if (applied.isEmpty() || said == null) {
      return Tunnels.refused(TunnelFinding.FILE_CHANGED.of(entry.fileName));
    }
    List<Finding> unwritten = new ArrayList<>();
    Optional<Finding> trouble =
        SaveConfig.write(
            tunnels.pathOf(entry),
            applied.get(),
            () -> {
              Written written =
                  RunningState.into(applied.get(), said, at.device(), at.lookForDrift(applied));
              written.unwritten().forEach(each -> unwritten.add(notInAFile(entry.fileName, each)));
              return written.document();
            });
    if (trouble.isPresent()) {
      return Tunnels.refused(trouble.get());
    }
    tunnels.takeWritten(entry, origin);
    var _ = at.lookForDrift(entry.applied());
    return done(entry, unwritten);
  }

  private static Finding notInAFile(String file, Difference difference) {
    return TunnelFinding.NOT_IN_A_FILE.of(file, difference.line().text());
  }

  /**
   * Leaves what runs otherwise as it is, also when the file changes elsewhere, until it or what the
   * file says about it changes, or the tunnel goes down.
   *
   * @param tunnel interface name
   * @param origin who and why, for the log
   */
  public Edit ignore(String tunnel, ChangeOrigin origin) {
    return ofRunning(
        tunnel,
        (entry, at) -> {
          var _ = at.lookForDrift(entry.applied());
          at.drift().ignore();
          say(entry, origin, "ignores what runs otherwise");
          return done(entry, List.of());
        });
  }

  private static void say(Entry entry, ChangeOrigin origin, String what) {
    LOG.log(
        Level.INFO,
        entry.fileName
            + ": "
            + (origin.author().isBlank() ? origin.source().words() : origin.author())
            + " "
            + what
            + (origin.message().isBlank() ? "" : ": " + origin.message()));
  }

  private Edit ofRunning(String name, BiFunction<Entry, FileTunnel, Edit> answer) {
    return tunnels.onControlThread(
        () -> {
          Entry entry = tunnels.entry(name);
          FileTunnel tunnel = entry == null ? null : entry.tunnel;
          if (entry == null || tunnel == null) {
            return Tunnels.noSuchTunnel(name);
          }
          if (tunnel.isBusy()) {
            return Tunnels.refused(TunnelFinding.TUNNEL_BUSY.of(entry.fileName));
          }
          return tunnel.isThere()
              ? answer.apply(entry, tunnel)
              : Tunnels.refused(TunnelFinding.NOT_RUNNING.of(entry.fileName));
        });
  }

  private Edit done(Entry entry, List<Finding> more) {
    tunnels.say(entry);
    List<Finding> findings = new ArrayList<>(entry.findings);
    findings.addAll(more);
    return new Edit.Done(findings);
  }

  /** Something has changed a tunnel a moment ago. Control thread. */
  void look(String name) {
    Entry entry = tunnels.entry(name);
    FileTunnel tunnel = entry == null ? null : entry.tunnel;
    if (entry != null && tunnel != null) {
      var _ = tunnel.lookForDrift(entry.applied());
      tunnels.say(entry);
    }
  }
}
