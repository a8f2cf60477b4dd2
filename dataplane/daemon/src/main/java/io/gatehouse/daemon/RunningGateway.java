// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.control.Approval;
import io.gatehouse.control.Approved;
import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.CheckQuestion;
import io.gatehouse.control.CheckReport;
import io.gatehouse.control.CommitRequest;
import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FileExported;
import io.gatehouse.control.FileList;
import io.gatehouse.control.FileRemoval;
import io.gatehouse.control.FileRenaming;
import io.gatehouse.control.FileText;
import io.gatehouse.control.FileVersion;
import io.gatehouse.control.FileWrite;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PacketExplanation;
import io.gatehouse.control.PacketQuestion;
import io.gatehouse.control.PeerAdded;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.PlanQuestion;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.control.ProposalRequest;
import io.gatehouse.control.Restoration;
import io.gatehouse.control.Restored;
import io.gatehouse.control.RevisionDiff;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionPair;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.RevisionShown;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUsers;
import io.gatehouse.control.TunnelChanged;
import io.gatehouse.daemon.control.BackupGateway;
import io.gatehouse.daemon.control.Caller;
import io.gatehouse.daemon.control.Gateway;
import io.gatehouse.daemon.control.MonitoringGateway;
import io.gatehouse.daemon.control.SnmpTargetGateway;
import io.gatehouse.daemon.history.History;
import io.gatehouse.daemon.history.NoSuchRevisionException;
import io.gatehouse.daemon.tunnels.Edit;
import io.gatehouse.daemon.tunnels.Tunnels;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.Routing;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** The tunnels and the SNMP agent of this process, as the control socket sees them. */
final class RunningGateway implements Gateway {
  private static final Logger LOG = Logger.getLogger(RunningGateway.class.getName());

  private final Tunnels tunnels;
  private final Machine machine;
  private final SnmpControl snmp;
  private final MonitoringControl monitoring;
  private final BackupGateway backups;
  private final ExportLog exports;
  private final boolean exportToAll;

  /** Where packets that are only thought of can be followed. */
  @FunctionalInterface
  interface Machine {
    Routing open() throws LinuxException;
  }

  /**
   * The gateway.
   *
   * @param machine that the tunnels run on
   * @param exportToAll whether whoever may use the control socket may have keys in clear
   */
  RunningGateway(
      Tunnels tunnels,
      Machine machine,
      SnmpControl snmp,
      MonitoringControl monitoring,
      BackupGateway backups,
      ExportLog exports,
      boolean exportToAll) {
    this.tunnels = tunnels;
    this.machine = machine;
    this.snmp = snmp;
    this.monitoring = monitoring;
    this.backups = backups;
    this.exports = exports;
    this.exportToAll = exportToAll;
  }

  @Override
  public GatewayStatus status() {
    return tunnels.status();
  }

  @Override
  public PeerAdded addPeer(PeerAddition addition, ChangeOrigin origin) throws ControlException {
    Edit edit = tunnels.addPeer(addition, origin);
    List<FindingStatus> findings = edit.findings().stream().map(FindingStatus::of).toList();
    if (edit instanceof Edit.Refused) {
      throw new ControlException(
          ControlException.REFUSED,
          "the peer was not added to " + printable(addition.tunnel()),
          findings);
    }
    LOG.info(
        addition.tunnel() + ": peer " + addition.publicKey() + " added to the file " + by(origin));
    return new PeerAdded(findings);
  }

  @Override
  public TunnelChanged up(String tunnel, ChangeOrigin origin) throws ControlException {
    LOG.info(printable(tunnel) + ": to be brought up " + by(origin));
    return changed(tunnels.up(tunnel), tunnel, "was not brought up");
  }

  @Override
  public TunnelChanged down(String tunnel, ChangeOrigin origin) throws ControlException {
    LOG.info(printable(tunnel) + ": to be taken down " + by(origin));
    return changed(tunnels.down(tunnel), tunnel, "was not taken down");
  }

  @Override
  public TunnelChanged save(String tunnel, ChangeOrigin origin) throws ControlException {
    return changed(tunnels.save(tunnel, origin), tunnel, "was not saved");
  }

  @Override
  public Approved approve(Approval approval) throws ControlException {
    Edit edit = tunnels.approve(approval.tunnels());
    List<FindingStatus> findings = edit.findings().stream().map(FindingStatus::of).toList();
    if (edit instanceof Edit.Approved approved) {
      return new Approved(approved.files(), findings);
    }
    throw new ControlException(ControlException.REFUSED, "nothing was approved", findings);
  }

  @Override
  public CheckReport check(CheckQuestion question) throws ControlException {
    List<Finding> findings =
        question
            .text()
            .map(text -> WgQuickFile.parse(question.file(), text.getBytes(UTF_8)))
            .map(tunnels::check)
            .or(() -> tunnels.check(question.file()))
            .orElseThrow(
                () ->
                    refusal(
                        "NO-SUCH-FILE",
                        "the tunnel directory has no such file",
                        "Give the name of one, such as wg0.conf, or a text."));
    return new CheckReport(
        findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR),
        findings.stream().map(FindingStatus::of).toList());
  }

  @Override
  public PacketExplanation explain(PacketQuestion question) throws ControlException {
    try (Routing routing = machine.open()) {
      return PacketWay.explain(question, tunnels.status(), routing);
    } catch (IllegalArgumentException e) {
      throw refusal(
          "ADDRESS",
          String.valueOf(e.getMessage()),
          "Give two literal addresses of the same family.");
    } catch (LinuxException e) {
      throw refusal("ROUTES", String.valueOf(e.getMessage()), "See the log.");
    }
  }

  @Override
  public PlanStatus plan(PlanQuestion question) throws ControlException {
    List<WgQuickFile> files =
        question.files().stream()
            .map(
                file ->
                    WgQuickFile.parse(file.name(), file.text().getBytes(StandardCharsets.UTF_8)))
            .toList();
    try {
      return tunnels.plan(files);
    } catch (IOException e) {
      throw refusal("UNREADABLE", "the tunnel directory cannot be read: " + e, "See to it.");
    }
  }

  @Override
  public TunnelChanged takeFile(String tunnel, ChangeOrigin origin) throws ControlException {
    return changed(tunnels.drifts().takeFile(tunnel, origin), tunnel, "stays as it runs");
  }

  @Override
  public TunnelChanged takeRunning(String tunnel, ChangeOrigin origin) throws ControlException {
    return changed(tunnels.drifts().takeRunning(tunnel, origin), tunnel, "keeps its file");
  }

  @Override
  public TunnelChanged ignoreDrift(String tunnel, ChangeOrigin origin) throws ControlException {
    return changed(tunnels.drifts().ignore(tunnel, origin), tunnel, "has nothing to ignore");
  }

  @Override
  public RevisionList history(RevisionRange range) throws ControlException {
    return ask(history -> history.list(range));
  }

  @Override
  public RevisionShown revision(String revision) throws ControlException {
    return ask(history -> new RevisionShown(history.revision(revision), history.diff(revision)));
  }

  @Override
  public RevisionDiff difference(RevisionPair pair) throws ControlException {
    return ask(history -> new RevisionDiff(history.diff(pair.from(), pair.to())));
  }

  @Override
  public Restored restore(Restoration wish) throws ControlException {
    return restored(tunnels.restore(wish.revision(), wish.file(), wish.origin()));
  }

  @Override
  public CommitStatus beginCommit(CommitRequest request) throws ControlException {
    return commit(
        tunnels.beginCommit(Duration.ofSeconds(request.seconds()), request.origin()),
        "the commit was not begun");
  }

  @Override
  public CommitStatus confirmCommit() throws ControlException {
    return commit(tunnels.confirmCommit(), "nothing was confirmed");
  }

  @Override
  public Restored revertCommit() throws ControlException {
    return restored(tunnels.revertCommit());
  }

  @Override
  public FileList files() {
    return tunnels.files().list();
  }

  @Override
  public FileText readFile(String name) throws ControlException {
    return tunnels.files().read(name);
  }

  @Override
  public FilesChanged writeFile(FileWrite write, ChangeOrigin origin) throws ControlException {
    return said(tunnels.files().write(write, origin), write.dryRun(), origin);
  }

  @Override
  public FilesChanged createFile(FileCreation creation, ChangeOrigin origin)
      throws ControlException {
    return said(tunnels.files().create(creation, origin), creation.dryRun(), origin);
  }

  @Override
  public FilesChanged removeFile(FileRemoval removal, ChangeOrigin origin) throws ControlException {
    return said(tunnels.files().remove(removal, origin), removal.dryRun(), origin);
  }

  @Override
  public FilesChanged renameFile(FileRenaming renaming, ChangeOrigin origin)
      throws ControlException {
    return said(tunnels.files().rename(renaming, origin), renaming.dryRun(), origin);
  }

  @Override
  public FilesChanged edit(EditRequest request, ChangeOrigin origin) throws ControlException {
    return said(tunnels.files().edit(request, origin), request.dryRun(), origin);
  }

  @Override
  public FileExported exportFile(String name, Caller caller, ChangeOrigin origin)
      throws ControlException {
    boolean granted = exportToAll || caller.isRoot() || caller.isDataPlane();
    LOG.log(
        granted ? Level.INFO : Level.WARNING,
        printable(name)
            + ": its keys are "
            + (granted ? "given to" : "refused to")
            + " user "
            + caller.user()
            + ", asked "
            + by(origin));
    try {
      exports.record(printable(name), caller, origin, granted);
    } catch (IOException e) {
      LOG.log(Level.SEVERE, "who has keys could not be written down, so nobody gets any", e);
      throw refusal("EXPORT-NOT-RECORDED", "the export could not be written down", "See the log.");
    }
    if (!granted) {
      throw refusal(
          "EXPORT-REFUSED",
          "private and preshared keys are not for this user",
          "Run gatehouse export as root, or set gatehouse.control.export=true.");
    }
    return tunnels.files().export(name);
  }

  @Override
  public PeerProposal propose(ProposalRequest request) throws ControlException {
    return tunnels.files().propose(request);
  }

  private static FilesChanged said(FilesChanged changed, boolean dryRun, ChangeOrigin origin) {
    if (!dryRun && !changed.files().isEmpty()) {
      LOG.info(
          changed.files().stream().map(FileVersion::name).collect(Collectors.joining(", "))
              + ": changed "
              + by(origin));
    }
    return changed;
  }

  /** A question to the history. */
  private interface Question<T> {
    T ask(History history) throws IOException, NoSuchRevisionException;
  }

  private <T> T ask(Question<T> question) throws ControlException {
    try {
      return question.ask(tunnels.history());
    } catch (NoSuchRevisionException e) {
      throw refusal(
          "NO-SUCH-REVISION",
          String.valueOf(e.getMessage()),
          "Choose one by gatehouse history list.");
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the history cannot be read", e);
      throw refusal("HISTORY-FAILED", "the history cannot be read", "See the log.");
    }
  }

  private static Restored restored(Edit edit) throws ControlException {
    List<FindingStatus> findings = edit.findings().stream().map(FindingStatus::of).toList();
    if (edit instanceof Edit.Restored restored) {
      return new Restored(restored.files(), findings);
    }
    throw new ControlException(ControlException.REFUSED, "nothing was changed", findings);
  }

  private static CommitStatus commit(Edit edit, String otherwise) throws ControlException {
    if (edit instanceof Edit.Commit commit) {
      return commit.commit();
    }
    throw new ControlException(
        ControlException.REFUSED,
        otherwise,
        edit.findings().stream().map(FindingStatus::of).toList());
  }

  private static TunnelChanged changed(Edit edit, String tunnel, String otherwise)
      throws ControlException {
    List<FindingStatus> findings = edit.findings().stream().map(FindingStatus::of).toList();
    if (edit instanceof Edit.Refused) {
      throw new ControlException(ControlException.REFUSED, tunnel + " " + otherwise, findings);
    }
    return new TunnelChanged(findings);
  }

  @Override
  public SnmpUsers addSnmpUser(SnmpUserAddition addition) throws ControlException {
    return snmp.addUser(addition);
  }

  @Override
  public SnmpUsers removeSnmpUser(String name) throws ControlException {
    return snmp.removeUser(name);
  }

  @Override
  public SnmpUsers snmpUsers() throws ControlException {
    return snmp.users();
  }

  @Override
  public SnmpTargetGateway snmpTargets() {
    return snmp;
  }

  @Override
  public MonitoringGateway monitoring() {
    return monitoring;
  }

  @Override
  public BackupGateway backups() {
    return backups;
  }

  /** For the log; whoever asks can write anything there. */
  static String by(ChangeOrigin origin) {
    return "by " + printable(origin.author()) + " (" + origin.source().words() + ")";
  }

  private static String printable(String text) {
    String shown = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    return shown.length() <= 100 ? shown : shown.substring(0, 100) + "...";
  }

  static ControlException refusal(String code, String message, String remedy) {
    return new ControlException(
        ControlException.REFUSED, message, List.of(finding(code, "", message, remedy)));
  }

  private static FindingStatus finding(String code, String value, String message, String remedy) {
    return new FindingStatus(code, Finding.Severity.ERROR.name(), "", 0, value, message, remedy);
  }
}
