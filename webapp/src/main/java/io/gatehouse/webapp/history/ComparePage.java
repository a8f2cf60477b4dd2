// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.history;

import io.gatehouse.control.RevisionDiff;
import io.gatehouse.control.RevisionPair;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** What differs between two revisions. */
@Named
@RequestScoped
public class ComparePage {
  @Inject private Gateway gateway;
  @Inject private Live live;
  private String from = "";
  private String to = "";
  private Answer<RevisionDiff> answer = Answer.none();

  @PostConstruct
  void look() {
    from = Request.parameter("from");
    to = Request.parameter("to");
    if (!from.isEmpty() && !to.isEmpty()) {
      answer =
          Answer.of(
              gateway, live.texts(), dataPlane -> dataPlane.difference(new RevisionPair(from, to)));
    }
  }

  /** The difference, line by line. */
  public List<Diff.Line> getLines() {
    return answer.value().map(RevisionDiff::diff).map(Diff::lines).orElse(List.of());
  }

  /** Why there is none; else empty. */
  public String getRefusal() {
    return answer.refusal();
  }

  public String getFrom() {
    return from;
  }

  public String getTo() {
    return to;
  }
}
