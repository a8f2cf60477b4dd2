// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

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
import io.gatehouse.control.FileWrite;
import io.gatehouse.control.FilesChanged;
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

/**
 * What the control socket reads and steers. Called from many threads at once. What changes
 * something is told who asked, and why.
 */
public interface Gateway {
  /** The state now. */
  GatewayStatus status();

  /**
   * Writes a peer into a tunnel's file.
   *
   * @throws ControlException with findings if the file would be wrong
   */
  PeerAdded addPeer(PeerAddition addition, ChangeOrigin origin) throws ControlException;

  /**
   * Brings up a tunnel that was taken down, and waits until it is up.
   *
   * @throws ControlException with findings if that cannot be, or it is up already
   */
  TunnelChanged up(String tunnel, ChangeOrigin origin) throws ControlException;

  /**
   * Takes a tunnel down and keeps it down; waits until nothing is left of it.
   *
   * @throws ControlException if there is no such tunnel, or it was taken down before
   */
  TunnelChanged down(String tunnel, ChangeOrigin origin) throws ControlException;

  /**
   * Writes the running state of a tunnel into its file.
   *
   * @throws ControlException if it does not run, or its file says something else by now
   */
  TunnelChanged save(String tunnel, ChangeOrigin origin) throws ControlException;

  /**
   * Lets files be applied that wait for approval or are held back.
   *
   * @throws ControlException if there is none, or no such tunnel
   */
  Approved approve(Approval approval) throws ControlException;

  /**
   * Says what is to be said of a file or a text. Changes nothing.
   *
   * @throws ControlException if there is no such file
   */
  CheckReport check(CheckQuestion question) throws ControlException;

  /**
   * Says which way a packet would go.
   *
   * @throws ControlException if the addresses cannot be used, or the kernel cannot be asked
   */
  PacketExplanation explain(PacketQuestion question) throws ControlException;

  /**
   * Says what would be done so that the tunnels are what their files say; changes nothing.
   *
   * @throws ControlException if the directory cannot be read
   */
  PlanStatus plan(PlanQuestion question) throws ControlException;

  /**
   * Makes a tunnel what its file says again.
   *
   * @throws ControlException with findings if that cannot be
   */
  TunnelChanged takeFile(String tunnel, ChangeOrigin origin) throws ControlException;

  /**
   * Writes what runs otherwise into a tunnel's file.
   *
   * @throws ControlException with findings if the file stays as it is
   */
  TunnelChanged takeRunning(String tunnel, ChangeOrigin origin) throws ControlException;

  /**
   * Leaves what runs otherwise as it is.
   *
   * @throws ControlException if the tunnel does not run
   */
  TunnelChanged ignoreDrift(String tunnel, ChangeOrigin origin) throws ControlException;

  /**
   * A page of the history of the tunnel directory.
   *
   * @throws ControlException if there is no such page, or the history cannot be read
   */
  RevisionList history(RevisionRange range) throws ControlException;

  /**
   * A revision and what it changed, without secrets.
   *
   * @throws ControlException if there is none, or the history cannot be read
   */
  RevisionShown revision(String revision) throws ControlException;

  /**
   * What differs between two revisions, without secrets.
   *
   * @throws ControlException if there is none, or the history cannot be read
   */
  RevisionDiff difference(RevisionPair pair) throws ControlException;

  /**
   * Writes files as they were in a revision, and takes them.
   *
   * @throws ControlException with findings if nothing was changed
   */
  Restored restore(Restoration restoration) throws ControlException;

  /**
   * Lets the directory go back to what it is now, unless somebody confirms in time.
   *
   * @throws ControlException if one waits already, or the state now cannot be written down
   */
  CommitStatus beginCommit(CommitRequest request) throws ControlException;

  /**
   * Keeps what was changed.
   *
   * @throws ControlException if nothing waits to be confirmed
   */
  CommitStatus confirmCommit() throws ControlException;

  /**
   * Goes back at once.
   *
   * @throws ControlException if nothing waits to be confirmed, or nothing could be changed
   */
  Restored revertCommit() throws ControlException;

  /**
   * Adds or replaces an SNMPv3 user.
   *
   * @throws ControlException if name or passphrases cannot be used
   */
  SnmpUsers addSnmpUser(SnmpUserAddition addition) throws ControlException;

  /**
   * Removes an SNMPv3 user.
   *
   * @throws ControlException if there is no such user
   */
  SnmpUsers removeSnmpUser(String name) throws ControlException;

  /**
   * The SNMPv3 users.
   *
   * @throws ControlException if the SNMP agent could not start
   */
  SnmpUsers snmpUsers() throws ControlException;

  /** The files of the tunnel directory. */
  FileList files();

  /**
   * A file, its keys hidden.
   *
   * @throws ControlException if it is not there, or cannot be read
   */
  FileText readFile(String name) throws ControlException;

  /**
   * Writes a file anew, and takes it.
   *
   * @throws ControlException with findings if nothing was changed
   */
  FilesChanged writeFile(FileWrite write, ChangeOrigin origin) throws ControlException;

  /**
   * Makes a file, and takes it.
   *
   * @throws ControlException with findings if nothing was changed
   */
  FilesChanged createFile(FileCreation creation, ChangeOrigin origin) throws ControlException;

  /**
   * Removes a file, and with it its tunnel.
   *
   * @throws ControlException with findings if nothing was changed
   */
  FilesChanged removeFile(FileRemoval removal, ChangeOrigin origin) throws ControlException;

  /**
   * Gives a file another name.
   *
   * @throws ControlException with findings if nothing was changed
   */
  FilesChanged renameFile(FileRenaming renaming, ChangeOrigin origin) throws ControlException;

  /**
   * Changes settings in files, and takes them: all of it or nothing.
   *
   * @throws ControlException with findings if nothing was changed
   */
  FilesChanged edit(EditRequest request, ChangeOrigin origin) throws ControlException;

  /**
   * A file with its keys, for those who may have them; written down in any case.
   *
   * @throws ControlException if the caller may not, it cannot be written down, or the file not read
   */
  FileExported exportFile(String name, Caller caller, ChangeOrigin origin) throws ControlException;

  /**
   * What new peers of a tunnel can have.
   *
   * @throws ControlException if there is no such tunnel
   */
  PeerProposal propose(ProposalRequest request) throws ControlException;

  /** Where SNMP notifications go. */
  SnmpTargetGateway snmpTargets();

  /** By which doors stations can watch. */
  MonitoringGateway monitoring();

  /** Backups that come and go. */
  BackupGateway backups();
}
