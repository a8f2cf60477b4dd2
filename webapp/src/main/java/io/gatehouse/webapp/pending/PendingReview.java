// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.pending;

import io.gatehouse.control.CommitRequest;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.history.Diff;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** What the changes that wait would do, and the way to do it. */
@Named
@RequestScoped
public class PendingReview {
  private static final String MERGE_CONFLICT = "MERGE-CONFLICT";

  @Inject private Gateway gateway;
  @Inject private Live live;
  @Inject private Pending pending;
  private int minutes = 5;
  private String message = "";
  private Answer<FilesChanged> preview = Answer.none();

  @PostConstruct
  void look() {
    if (pending.getChanges() > 0) {
      preview =
          Answer.of(gateway, live.texts(), dataPlane -> dataPlane.edit(pending.request(true, "")));
    }
  }

  /** Has all of it done, or nothing; first sets a limit within which to confirm, if wanted. */
  public void apply() {
    Answer<FilesChanged> done =
        Answer.of(
            gateway,
            live.texts(),
            dataPlane -> {
              boolean begun = minutes > 0 && live.getCommit() == null;
              if (begun) {
                dataPlane.beginCommit(new CommitRequest(minutes * 60L, Request.origin(message)));
              }
              try {
                return dataPlane.edit(pending.request(false, message));
              } catch (ControlException e) {
                if (begun) {
                  // Nothing was changed, so there is nothing to confirm.
                  dataPlane.confirmCommit();
                }
                throw e;
              }
            });
    if (done.value().isPresent()) {
      List<String> files = pending.getFiles();
      pending.discard();
      preview = Answer.none();
      Request.tell(live.texts().of("pending.applied", String.join(", ", files)));
    } else {
      preview = done;
      Request.complain(done.refusal());
    }
  }

  /** Forgets all of it. */
  public void discard() {
    pending.discard();
    preview = Answer.none();
    Request.tell(live.texts().of("pending.discarded"));
  }

  /** Forgets what waits for one file. */
  public void discard(String file) {
    pending.discard(file);
    preview = Answer.none();
    look();
  }

  /** What would differ, line by line, with a line for the name of each file. */
  public List<Diff.Line> getLines() {
    return preview.value().map(FilesChanged::diff).map(Diff::lines).orElse(List.of());
  }

  /** What would be done to the tunnels. */
  public List<Effect> getEffects() {
    return preview.value().map(changed -> Effect.of(changed, live)).orElse(List.of());
  }

  /** What the checks say, or why it would be refused. */
  public List<FindingStatus> getFindings() {
    return preview.value().map(FilesChanged::findings).orElse(preview.findings());
  }

  /** Why it would be refused; else empty. */
  public String getRefusal() {
    return preview.refusal();
  }

  /** Whether somebody else has changed the same lines meanwhile. */
  public boolean isConflict() {
    return preview.findings().stream().anyMatch(f -> f.code().equals(MERGE_CONFLICT));
  }

  /** Whether somebody else has changed one of the files, and both changes would be in it. */
  public boolean isMerged() {
    return preview.value().stream()
        .flatMap(changed -> changed.files().stream())
        .anyMatch(file -> file.merged());
  }

  public int getMinutes() {
    return minutes;
  }

  public void setMinutes(int minutes) {
    this.minutes = minutes;
  }

  public String getMessage() {
    return message;
  }

  public void setMessage(String message) {
    this.message = message.strip();
  }
}
