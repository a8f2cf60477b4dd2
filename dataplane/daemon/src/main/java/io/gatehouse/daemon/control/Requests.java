// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.Approval;
import io.gatehouse.control.BackupRead;
import io.gatehouse.control.BackupRequest;
import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.CheckQuestion;
import io.gatehouse.control.CommitRequest;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.ControlMethod;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.FileChoice;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FileExport;
import io.gatehouse.control.FileRemoval;
import io.gatehouse.control.FileRenaming;
import io.gatehouse.control.FileWrite;
import io.gatehouse.control.PacketQuestion;
import io.gatehouse.control.Passphrase;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.PlanQuestion;
import io.gatehouse.control.ProposalRequest;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.Restoration;
import io.gatehouse.control.RestoreChoice;
import io.gatehouse.control.RestorePart;
import io.gatehouse.control.RestoreQuestion;
import io.gatehouse.control.RevisionChoice;
import io.gatehouse.control.RevisionPair;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.RpcCodec;
import io.gatehouse.control.RpcFormatException;
import io.gatehouse.control.RpcMessage;
import io.gatehouse.control.SnmpTargetAddition;
import io.gatehouse.control.SnmpTargetRemoval;
import io.gatehouse.control.SnmpTest;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUserRemoval;
import io.gatehouse.control.StationFileChoice;
import io.gatehouse.control.Subscription;
import io.gatehouse.control.TunnelChanged;
import io.gatehouse.control.TunnelChoice;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Carries out one line of a client and says what to answer. Stateless. */
final class Requests {
  private static final Logger LOG = Logger.getLogger(Requests.class.getName());

  private final Gateway gateway;

  Requests(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * Carries out a line.
   *
   * @param caller who sent it
   * @param subscribe called when the client wants notifications, with what to tell of a newer
   *     status
   * @return the answer, empty when the line wants none
   */
  Optional<String> answer(
      String line, Caller caller, Consumer<Function<Snapshot, String>> subscribe) {
    RpcMessage message;
    try {
      message = RpcCodec.decode(line);
    } catch (RpcFormatException e) {
      return Optional.of(RpcCodec.encode(e.answer()));
    }
    if (!(message instanceof RpcMessage.Request request)) {
      // Notifications want no answer, and a server asks nothing that could be answered.
      return Optional.empty();
    }
    RpcMessage answer;
    try {
      answer = new RpcMessage.Result(request.id(), carryOut(request, caller, subscribe));
    } catch (ControlException e) {
      answer = new RpcMessage.Failure(request.id(), e);
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "control request \"" + request.method() + "\" failed", e);
      answer =
          new RpcMessage.Failure(
              request.id(),
              new ControlException(
                  ControlException.INTERNAL_ERROR,
                  "the data plane failed; its log says more",
                  List.of()));
    }
    return Optional.of(RpcCodec.encode(answer));
  }

  private JsonValue carryOut(
      RpcMessage.Request request, Caller caller, Consumer<Function<Snapshot, String>> subscribe)
      throws ControlException {
    return RecordCodec.write(
        switch (request.method()) {
          case ControlMethod.STATUS -> gateway.status();
          case ControlMethod.SUBSCRIBE -> {
            int protocol = params(request, Subscription.class).protocol().orElse(1);
            Snapshot first = new Snapshot(gateway.status(), System.nanoTime());
            subscribe.accept(protocol < 2 ? Snapshot::whole : new Feed(first)::next);
            yield first.status();
          }
          case ControlMethod.PEER_ADD -> {
            PeerAddition addition = params(request, PeerAddition.class);
            yield gateway.addPeer(addition, caller.origin(addition.origin()));
          }
          case ControlMethod.TUNNEL_UP -> onTunnel(request, caller, gateway::up);
          case ControlMethod.TUNNEL_DOWN -> onTunnel(request, caller, gateway::down);
          case ControlMethod.TUNNEL_SAVE -> onTunnel(request, caller, gateway::save);
          case ControlMethod.TUNNEL_APPROVE -> gateway.approve(params(request, Approval.class));
          case ControlMethod.CHECK -> gateway.check(params(request, CheckQuestion.class));
          case ControlMethod.EXPLAIN -> gateway.explain(params(request, PacketQuestion.class));
          case ControlMethod.PLAN -> gateway.plan(params(request, PlanQuestion.class));
          case ControlMethod.DRIFT_TAKE_FILE -> onTunnel(request, caller, gateway::takeFile);
          case ControlMethod.DRIFT_TAKE_RUNNING -> onTunnel(request, caller, gateway::takeRunning);
          case ControlMethod.DRIFT_IGNORE -> onTunnel(request, caller, gateway::ignoreDrift);
          case ControlMethod.HISTORY_LIST -> gateway.history(params(request, RevisionRange.class));
          case ControlMethod.HISTORY_SHOW ->
              gateway.revision(params(request, RevisionChoice.class).revision());
          case ControlMethod.HISTORY_DIFF ->
              gateway.difference(params(request, RevisionPair.class));
          case ControlMethod.HISTORY_RESTORE -> gateway.restore(params(request, Restoration.class));
          case ControlMethod.COMMIT_BEGIN ->
              gateway.beginCommit(params(request, CommitRequest.class));
          case ControlMethod.COMMIT_CONFIRM -> gateway.confirmCommit();
          case ControlMethod.COMMIT_REVERT -> gateway.revertCommit();
          case ControlMethod.FILE_LIST -> gateway.files();
          case ControlMethod.FILE_READ ->
              gateway.readFile(params(request, FileChoice.class).name());
          case ControlMethod.FILE_WRITE -> {
            FileWrite write = params(request, FileWrite.class);
            yield gateway.writeFile(write, caller.origin(write.origin()));
          }
          case ControlMethod.FILE_CREATE -> {
            FileCreation creation = params(request, FileCreation.class);
            yield gateway.createFile(creation, caller.origin(creation.origin()));
          }
          case ControlMethod.FILE_REMOVE -> {
            FileRemoval removal = params(request, FileRemoval.class);
            yield gateway.removeFile(removal, caller.origin(removal.origin()));
          }
          case ControlMethod.FILE_RENAME -> {
            FileRenaming renaming = params(request, FileRenaming.class);
            yield gateway.renameFile(renaming, caller.origin(renaming.origin()));
          }
          case ControlMethod.EDIT -> {
            EditRequest edit = params(request, EditRequest.class);
            yield gateway.edit(edit, caller.origin(edit.origin()));
          }
          case ControlMethod.FILE_EXPORT -> {
            FileExport export = params(request, FileExport.class);
            yield gateway.exportFile(export.name(), caller, caller.origin(export.origin()));
          }
          case ControlMethod.PEER_PROPOSE ->
              gateway.propose(params(request, ProposalRequest.class));
          case ControlMethod.SNMP_USER_ADD -> addSnmpUser(params(request, SnmpUserAddition.class));
          case ControlMethod.SNMP_USER_REMOVE ->
              gateway.removeSnmpUser(params(request, SnmpUserRemoval.class).name());
          case ControlMethod.SNMP_USER_LIST -> gateway.snmpUsers();
          case ControlMethod.SNMP_TARGET_ADD ->
              addSnmpTarget(params(request, SnmpTargetAddition.class));
          case ControlMethod.SNMP_TARGET_REMOVE ->
              gateway.snmpTargets().remove(params(request, SnmpTargetRemoval.class).address());
          case ControlMethod.SNMP_TARGET_LIST -> gateway.snmpTargets().list();
          case ControlMethod.SNMP_TRAP_TEST ->
              gateway.snmpTargets().test(params(request, SnmpTest.class).text());
          case ControlMethod.MONITORING -> gateway.monitoring().status();
          case ControlMethod.MONITORING_FILE ->
              gateway.monitoring().file(params(request, StationFileChoice.class).name());
          case ControlMethod.BACKUP_MAKE -> {
            BackupRequest wish = params(request, BackupRequest.class);
            yield gateway.backups().make(wish, caller, caller.origin(wish.origin()));
          }
          case ControlMethod.BACKUP_READ ->
              gateway.backups().read(params(request, BackupRead.class));
          case ControlMethod.RESTORE_SEND ->
              gateway.backups().send(params(request, RestorePart.class));
          case ControlMethod.RESTORE_LOOK -> lookAt(params(request, RestoreQuestion.class));
          case ControlMethod.RESTORE_APPLY -> {
            RestoreChoice choice = params(request, RestoreChoice.class);
            yield gateway.backups().apply(choice.id(), caller.origin(choice.origin()));
          }
          default ->
              throw new ControlException(
                  ControlException.METHOD_NOT_FOUND,
                  "there is no method \"" + request.method() + "\"",
                  List.of());
        });
  }

  private Object addSnmpUser(SnmpUserAddition addition) throws ControlException {
    try {
      return gateway.addSnmpUser(addition);
    } finally {
      addition.authPassphrase().wipe();
      addition.privPassphrase().wipe();
    }
  }

  private Object addSnmpTarget(SnmpTargetAddition addition) throws ControlException {
    try {
      return gateway.snmpTargets().add(addition);
    } finally {
      addition
          .inform()
          .ifPresent(
              user -> {
                user.authPassphrase().wipe();
                user.privPassphrase().wipe();
              });
    }
  }

  private Object lookAt(RestoreQuestion question) throws ControlException {
    try {
      return gateway.backups().look(question);
    } finally {
      question.passphrase().ifPresent(Passphrase::wipe);
    }
  }

  /** What is done to a tunnel at somebody's word. */
  private interface OnTunnel {
    TunnelChanged carryOut(String tunnel, ChangeOrigin origin) throws ControlException;
  }

  private static TunnelChanged onTunnel(RpcMessage.Request request, Caller caller, OnTunnel action)
      throws ControlException {
    TunnelChoice choice = params(request, TunnelChoice.class);
    return action.carryOut(choice.tunnel(), caller.origin(choice.origin()));
  }

  private static <T extends Record> T params(RpcMessage.Request request, Class<T> type)
      throws ControlException {
    try {
      return RecordCodec.read(request.params(), type);
    } catch (IllegalArgumentException e) {
      throw new ControlException(
          ControlException.INVALID_PARAMS, "params: " + e.getMessage(), List.of());
    }
  }
}
