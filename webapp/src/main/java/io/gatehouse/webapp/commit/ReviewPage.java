// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.commit;

import io.gatehouse.control.CommitRequest;
import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.RevisionDiff;
import io.gatehouse.control.RevisionPair;
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
import org.jspecify.annotations.Nullable;

/** Begins a commit that must be confirmed, and shows what has changed since it began. */
@Named
@RequestScoped
public class ReviewPage {
  @Inject private Gateway gateway;
  @Inject private Live live;
  private int minutes = 5;
  private String message = "";
  private @Nullable CommitStatus commit;
  private Answer<RevisionDiff> answer = Answer.none();

  @PostConstruct
  void look() {
    commit = live.getCommit();
    CommitStatus waiting = commit;
    if (waiting != null) {
      answer =
          Answer.of(
              gateway,
              live.texts(),
              dataPlane -> dataPlane.difference(new RevisionPair(waiting.revision(), "HEAD")));
    }
  }

  /** From now on every change must be confirmed in time. */
  public void begin() {
    Answer<CommitStatus> begun =
        Answer.of(
            gateway,
            live.texts(),
            dataPlane ->
                dataPlane.beginCommit(new CommitRequest(minutes * 60L, Request.origin(message))));
    if (begun.value().isPresent()) {
      commit = begun.value().get();
      Request.tell(live.texts().of("review.begun", minutes));
    } else {
      Request.complain(begun.refusal());
    }
  }

  /** What waits to be confirmed; null when nothing does. */
  public @Nullable CommitStatus getCommit() {
    return commit;
  }

  /** What has changed since, line by line. */
  public List<Diff.Line> getLines() {
    return answer.value().map(RevisionDiff::diff).map(Diff::lines).orElse(List.of());
  }

  /** Why that cannot be shown; else empty. */
  public String getRefusal() {
    return answer.refusal();
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
