// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/** Names of the methods on the control socket, as JSON-RPC writes them. */
public final class ControlMethod {
  /**
   * No parameters; result {@link GatewayStatus}. Also the name of the notification for clients of
   * protocol 1.
   */
  public static final String STATUS = "status";

  /**
   * Parameters {@link Subscription}; result {@link GatewayStatus}. From then on the server sends
   * {@link #CHANGES}; to a client of protocol 1 {@link #STATUS} notifications with a whole {@link
   * GatewayStatus} instead.
   */
  public static final String SUBSCRIBE = "subscribe";

  /**
   * Only a notification: {@link StatusChanges}, at most one each second, when something changed,
   * and one every ten seconds in any case.
   */
  public static final String CHANGES = "changes";

  /** Parameters {@link PeerAddition}; result {@link PeerAdded}. */
  public static final String PEER_ADD = "peer.add";

  /**
   * Parameters {@link TunnelChoice}; result {@link TunnelChanged}. Brings up a tunnel that was
   * taken down, and tries one again that could not be brought up.
   */
  public static final String TUNNEL_UP = "tunnel.up";

  /**
   * Parameters {@link TunnelChoice}; result {@link TunnelChanged}. Takes a tunnel down, and keeps
   * it down, over restarts as well, until {@link #TUNNEL_UP} or until its file goes.
   */
  public static final String TUNNEL_DOWN = "tunnel.down";

  /**
   * Parameters {@link TunnelChoice}; result {@link TunnelChanged}. Writes the running state of a
   * tunnel into its file, as {@code wg-quick save} does.
   */
  public static final String TUNNEL_SAVE = "tunnel.save";

  /**
   * Parameters {@link Approval}; result {@link Approved}. Lets files be applied that wait for
   * approval since the first start, or that the checks hold back.
   */
  public static final String TUNNEL_APPROVE = "tunnel.approve";

  /**
   * Parameters {@link CheckQuestion}; result {@link CheckReport}: all that is to be said of a file,
   * with the others of the directory and on this machine. Changes nothing.
   */
  public static final String CHECK = "check";

  /**
   * Parameters {@link PacketQuestion}; result {@link PacketExplanation}. Asks the kernel and
   * changes nothing.
   */
  public static final String EXPLAIN = "explain";

  /**
   * Parameters {@link PlanQuestion}; result {@link PlanStatus}. Says what would be done so that the
   * tunnels are what their files say, and changes nothing.
   */
  public static final String PLAN = "plan";

  /**
   * Parameters {@link TunnelChoice}; result {@link TunnelChanged}. Makes a tunnel what its file
   * says again, whatever somebody has changed by hand.
   */
  public static final String DRIFT_TAKE_FILE = "drift.takeFile";

  /**
   * Parameters {@link TunnelChoice}; result {@link TunnelChanged}. Writes into a tunnel's file what
   * runs otherwise, and nothing else.
   */
  public static final String DRIFT_TAKE_RUNNING = "drift.takeRunning";

  /**
   * Parameters {@link TunnelChoice}; result {@link TunnelChanged}. Leaves what runs otherwise as it
   * is, until it or the file's line about it changes, or the tunnel goes down.
   */
  public static final String DRIFT_IGNORE = "drift.ignore";

  /** Parameters {@link SnmpUserAddition}; result {@link SnmpUsers}. */
  public static final String SNMP_USER_ADD = "snmp.user.add";

  /** Parameters {@link SnmpUserRemoval}; result {@link SnmpUsers}. */
  public static final String SNMP_USER_REMOVE = "snmp.user.remove";

  /** No parameters; result {@link SnmpUsers}. */
  public static final String SNMP_USER_LIST = "snmp.user.list";

  /** Parameters {@link SnmpTargetAddition}; result {@link SnmpTargets}. */
  public static final String SNMP_TARGET_ADD = "snmp.target.add";

  /** Parameters {@link SnmpTargetRemoval}; result {@link SnmpTargets}. */
  public static final String SNMP_TARGET_REMOVE = "snmp.target.remove";

  /** No parameters; result {@link SnmpTargets}. */
  public static final String SNMP_TARGET_LIST = "snmp.target.list";

  /**
   * Parameters {@link SnmpTest}; result {@link SnmpTargets}. Sends the notification wgGwTest to all
   * targets, and the event to the log and to syslog.
   */
  public static final String SNMP_TRAP_TEST = "snmp.trap.test";

  /** No parameters; result {@link MonitoringStatus}: by which doors stations can watch. */
  public static final String MONITORING = "monitoring";

  /** Parameters {@link StationFileChoice}; result {@link StationFile}: what a station imports. */
  public static final String MONITORING_FILE = "monitoring.file";

  /** Parameters {@link RevisionRange}; result {@link RevisionList}. */
  public static final String HISTORY_LIST = "history.list";

  /** Parameters {@link RevisionChoice}; result {@link RevisionShown}. */
  public static final String HISTORY_SHOW = "history.show";

  /** Parameters {@link RevisionPair}; result {@link RevisionDiff}. */
  public static final String HISTORY_DIFF = "history.diff";

  /**
   * Parameters {@link Restoration}; result {@link Restored}. Writes one file or all files of the
   * tunnel directory as they were in a revision. What is there now becomes a revision before.
   */
  public static final String HISTORY_RESTORE = "history.restore";

  /**
   * Parameters {@link CommitRequest}; result {@link CommitStatus}. From now on every change of the
   * tunnel directory must be confirmed by {@link #COMMIT_CONFIRM}, or the directory goes back to
   * what it is now.
   */
  public static final String COMMIT_BEGIN = "commit.begin";

  /** No parameters; result {@link CommitStatus}: what is confirmed. */
  public static final String COMMIT_CONFIRM = "commit.confirm";

  /** No parameters; result {@link Restored}. Goes back at once. */
  public static final String COMMIT_REVERT = "commit.revert";

  /** No parameters; result {@link FileList}. The files of the tunnel directory. */
  public static final String FILE_LIST = "file.list";

  /** Parameters {@link FileChoice}; result {@link FileText}: the text, its keys hidden. */
  public static final String FILE_READ = "file.read";

  /**
   * Parameters {@link FileWrite}; result {@link FilesChanged}. Writes a file anew, and takes it.
   * Refused if it would have an error, if its tunnel cannot be brought to that, and if a line of
   * PreUp, PostUp, PreDown or PostDown differs; then all is as before.
   */
  public static final String FILE_WRITE = "file.write";

  /** Parameters {@link FileCreation}; result {@link FilesChanged}. As {@link #FILE_WRITE}. */
  public static final String FILE_CREATE = "file.create";

  /** Parameters {@link FileRemoval}; result {@link FilesChanged}. The history keeps the file. */
  public static final String FILE_REMOVE = "file.remove";

  /** Parameters {@link FileRenaming}; result {@link FilesChanged}. As {@link #FILE_WRITE}. */
  public static final String FILE_RENAME = "file.rename";

  /**
   * Parameters {@link EditRequest}; result {@link FilesChanged}. Changes settings of one or several
   * files, and takes them: all of it or nothing. Refused as {@link #FILE_WRITE} is.
   */
  public static final String EDIT = "edit";

  /**
   * Parameters {@link FileExport}; result {@link FileExported}. The only method whose answer has
   * private and preshared keys. Only for root and the data plane's own user, unless {@code
   * gatehouse.control.export} allows others; each call is written down, whatever comes of it.
   */
  public static final String FILE_EXPORT = "file.export";

  /**
   * Parameters {@link ProposalRequest}; result {@link PeerProposal}. Changes nothing, and reserves
   * nothing.
   */
  public static final String PEER_PROPOSE = "peer.propose";

  /**
   * Parameters {@link BackupRequest}; result {@link BackupMade}. Makes a backup that can be opened
   * with the passphrase alone that root has set by {@code gatehouse backup-passphrase}; the data
   * plane does not know it. Changes nothing.
   */
  public static final String BACKUP_MAKE = "backup.make";

  /** Parameters {@link BackupRead}; result {@link BackupPart}. */
  public static final String BACKUP_READ = "backup.read";

  /**
   * Parameters {@link RestorePart}; result {@link RestoreReceived}. Takes a backup, part by part,
   * of at most 256 MiB. Changes nothing.
   */
  public static final String RESTORE_SEND = "restore.send";

  /**
   * Parameters {@link RestoreQuestion}; result {@link RestorePreview}. Opens a backup that was sent
   * to its end, and says what a restore would change. Changes nothing.
   */
  public static final String RESTORE_LOOK = "restore.look";

  /**
   * Parameters {@link RestoreChoice}; result {@link RestoreBegun}. Takes the tunnels down, makes
   * files, history, numbers and SNMP users those of the backup, and brings the tunnels up; what was
   * there stays beside. Neither settings nor the console's state are restored. Refused if a line of
   * PreUp, PostUp, PreDown or PostDown would differ, and while a commit waits.
   */
  public static final String RESTORE_APPLY = "restore.apply";

  private ControlMethod() {}
}
