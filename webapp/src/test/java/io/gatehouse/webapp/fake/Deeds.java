// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.fake;

import io.gatehouse.control.Approval;
import io.gatehouse.control.Approved;
import io.gatehouse.control.CheckQuestion;
import io.gatehouse.control.CheckReport;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.ControlMethod;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FileRemoval;
import io.gatehouse.control.FileRenaming;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FileVersion;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.PlanQuestion;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.SnmpTargetAddition;
import io.gatehouse.control.TunnelChanged;
import io.gatehouse.control.TunnelChoice;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** What a made-up gateway says it has done. It has understood the request, and does nothing. */
final class Deeds {
  private static final String NEW_VERSION = "c0de".repeat(10);

  private Deeds() {}

  static Record answer(String method, JsonObject params) throws ControlException {
    return switch (method) {
      case ControlMethod.TUNNEL_UP,
          ControlMethod.TUNNEL_DOWN,
          ControlMethod.TUNNEL_SAVE,
          ControlMethod.DRIFT_TAKE_FILE,
          ControlMethod.DRIFT_TAKE_RUNNING,
          ControlMethod.DRIFT_IGNORE -> {
        RecordCodec.read(params, TunnelChoice.class);
        yield new TunnelChanged(List.of());
      }
      case ControlMethod.TUNNEL_APPROVE ->
          new Approved(RecordCodec.read(params, Approval.class).tunnels(), List.of());
      case ControlMethod.CHECK -> {
        RecordCodec.read(params, CheckQuestion.class);
        yield new CheckReport(true, List.of());
      }
      case ControlMethod.PLAN -> {
        RecordCodec.read(params, PlanQuestion.class);
        yield new PlanStatus(List.of());
      }
      case ControlMethod.FILE_CREATE -> {
        FileCreation creation = RecordCodec.read(params, FileCreation.class);
        yield changed(List.of(creation.name()), creation.dryRun());
      }
      case ControlMethod.FILE_REMOVE -> {
        FileRemoval removal = RecordCodec.read(params, FileRemoval.class);
        yield changed(List.of(removal.name()), removal.dryRun());
      }
      case ControlMethod.FILE_RENAME -> {
        FileRenaming renaming = RecordCodec.read(params, FileRenaming.class);
        yield changed(List.of(renaming.name(), renaming.to()), renaming.dryRun());
      }
      case ControlMethod.EDIT -> {
        EditRequest request = RecordCodec.read(params, EditRequest.class);
        yield changed(
            request.files().stream().map(FileSteps::name).sorted().toList(), request.dryRun());
      }
      case ControlMethod.SNMP_TARGET_REMOVE -> Doors.TARGETS;
      case ControlMethod.SNMP_TARGET_ADD -> {
        RecordCodec.read(params, SnmpTargetAddition.class);
        yield Doors.TARGETS;
      }
      default ->
          throw new ControlException(
              ControlException.METHOD_NOT_FOUND, "no such method", List.of());
    };
  }

  private static FilesChanged changed(List<String> files, boolean dryRun) {
    return new FilesChanged(
        files.stream().map(name -> new FileVersion(name, NEW_VERSION, false)).toList(),
        Diary.DIFF,
        List.of(),
        dryRun ? Optional.of(new PlanStatus(List.of())) : Optional.empty());
  }
}
