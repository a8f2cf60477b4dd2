// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.history;

import io.gatehouse.control.CommitRequest;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Restoration;
import io.gatehouse.control.Restored;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionChoice;
import io.gatehouse.control.RevisionShown;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One revision: what it changed, and the way back to it. */
@Named
@RequestScoped
public class RevisionPage {
  @Inject private Gateway gateway;
  @Inject private Live live;
  private String id = "";
  private String file = "";
  private int minutes = 5;
  private Answer<RevisionShown> answer = Answer.none();
  private List<FindingStatus> findings = List.of();

  /** Before anything else, for what can be done depends on which revision it is. */
  @PostConstruct
  void load() {
    id = Request.parameter("id");
    answer =
        Answer.of(gateway, live.texts(), dataPlane -> dataPlane.revision(new RevisionChoice(id)));
  }

  /** Writes the files as they were then; first sets a limit within which to confirm, if wanted. */
  public void restore() {
    String why = live.texts().of("revision.restored.why", shortId());
    Answer<Restored> done =
        Answer.of(
            gateway,
            live.texts(),
            dataPlane -> {
              if (minutes > 0 && live.getCommit() == null) {
                dataPlane.beginCommit(new CommitRequest(minutes * 60L, Request.origin(why)));
              }
              return dataPlane.restore(new Restoration(id, file, Request.origin(why)));
            });
    if (done.value().isPresent()) {
      List<String> files = done.value().get().files();
      findings = done.value().get().findings();
      Request.tell(
          files.isEmpty()
              ? live.texts().of("revision.restored.none")
              : live.texts().of("revision.restored", String.join(", ", files), shortId()));
    } else {
      findings = done.findings();
      Request.complain(done.refusal());
    }
    load();
  }

  /** The revision; null when there is none of that name. */
  public @Nullable Revision getRevision() {
    return answer.value().map(RevisionShown::revision).orElse(null);
  }

  /** What it changed, line by line. */
  public List<Diff.Line> getLines() {
    return answer.value().map(shown -> Diff.lines(shown.diff())).orElse(List.of());
  }

  /** Why there is none to show; else empty. */
  public String getRefusal() {
    return answer.refusal();
  }

  /** What the data plane says about a restoration. */
  public List<FindingStatus> getFindings() {
    return findings;
  }

  private String shortId() {
    return id.substring(0, Math.min(8, id.length()));
  }

  public String getId() {
    return id;
  }

  /** The only file to restore; empty for all. */
  public String getFile() {
    return file;
  }

  public void setFile(String file) {
    this.file = file;
  }

  /** Within which it must be confirmed; 0 for at once and for good. */
  public int getMinutes() {
    return minutes;
  }

  public void setMinutes(int minutes) {
    this.minutes = minutes;
  }
}
