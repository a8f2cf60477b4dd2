// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.fake;

import io.gatehouse.control.BackupMade;
import io.gatehouse.control.BackupPart;
import io.gatehouse.control.BackupRead;
import io.gatehouse.control.BackupRequest;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.ControlMethod;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.RestoreBegun;
import io.gatehouse.control.RestoreChoice;
import io.gatehouse.control.RestorePart;
import io.gatehouse.control.RestorePreview;
import io.gatehouse.control.RestoreQuestion;
import io.gatehouse.control.RestoreReceived;
import io.gatehouse.control.RestoredFile;
import jakarta.json.JsonObject;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Made-up backups: one that goes, of more than two parts, and whatever comes. */
public final class Archive {
  /** What goes out. */
  public static final byte[] OCTETS = octets();

  /** The passphrase that nobody takes; with any other, whatever was sent opens. */
  public static final String WRONG = "wrong horse battery";

  private static final long MADE = 1795860000;
  private static final String ID = "5f".repeat(16);

  private long size;
  private String console = "";
  private boolean sealed;
  private final Sealing sealing = new Sealing();

  /** What the console has handed over for the newest backup. */
  public synchronized String console() {
    return console;
  }

  /** Whether the newest passphrase came sealed. */
  public synchronized boolean sealed() {
    return sealed;
  }

  synchronized Record answer(String method, JsonObject params) throws ControlException {
    return switch (method) {
      case ControlMethod.BACKUP_MAKE -> {
        console = params.getJsonArray("console").toString();
        RecordCodec.read(params, BackupRequest.class);
        yield new BackupMade(ID, OCTETS.length, MADE);
      }
      case ControlMethod.BACKUP_READ -> {
        int from = (int) RecordCodec.read(params, BackupRead.class).offset();
        byte[] part =
            Arrays.copyOfRange(OCTETS, from, Math.min(OCTETS.length, from + BackupPart.LARGEST));
        yield new BackupPart(Base64.getEncoder().encodeToString(part));
      }
      case ControlMethod.RESTORE_SEND -> {
        RestorePart part = RecordCodec.read(params, RestorePart.class);
        size = (part.id().isEmpty() ? 0 : size) + Base64.getDecoder().decode(part.octets()).length;
        yield new RestoreReceived(ID, size, sealing.publicKey());
      }
      case ControlMethod.RESTORE_LOOK -> look(RecordCodec.read(params, RestoreQuestion.class));
      default -> {
        there(RecordCodec.read(params, RestoreChoice.class).id());
        yield new RestoreBegun(MADE);
      }
    };
  }

  private RestorePreview look(RestoreQuestion question) throws ControlException {
    there(question.id());
    sealed = question.sealed().isPresent();
    String passphrase =
        question
            .sealed()
            .map(sealing::open)
            .or(() -> question.passphrase().map(one -> new String(one.reveal())))
            .orElseThrow();
    if (passphrase.equals(WRONG)) {
      throw refusal(
          "BACKUP-REFUSED",
          "the passphrase is not the one that the backup was made with. Nothing was changed.");
    }
    return new RestorePreview(
        MADE,
        "0.1.0",
        List.of(
            new RestoredFile("branch.conf", RestoredFile.Change.ADDED, List.of()),
            new RestoredFile("office.conf", RestoredFile.Change.CHANGED, List.of()),
            new RestoredFile("old.conf", RestoredFile.Change.REMOVED, List.of()),
            new RestoredFile("road.conf", RestoredFile.Change.SAME, List.of())),
        List.of("console", "settings"));
  }

  private static void there(String id) throws ControlException {
    if (!id.equals(ID)) {
      throw refusal("NO-SUCH-RESTORE", "this backup is not there any more");
    }
  }

  private static ControlException refusal(String code, String message) {
    return new ControlException(
        ControlException.REFUSED,
        message,
        List.of(new FindingStatus(code, "ERROR", "", 0, "", message, "")));
  }

  private static byte[] octets() {
    byte[] octets = new byte[2 * BackupPart.LARGEST + 4321];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) (i * 31 + i / 257);
    }
    return octets;
  }
}
