// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.history;

import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** The states of the tunnel directory, newest first, a page at a time. */
@Named
@RequestScoped
public class HistoryPage {
  private static final int SIZE = 30;

  @Inject private Gateway gateway;
  @Inject private Live live;
  private String before = "";
  private Answer<RevisionList> answer = Answer.none();

  @PostConstruct
  void look() {
    before = Request.parameter("before");
    answer =
        Answer.of(
            gateway, live.texts(), dataPlane -> dataPlane.history(new RevisionRange(before, SIZE)));
  }

  /** The revisions of this page. */
  public List<Revision> getRevisions() {
    return answer.value().map(RevisionList::revisions).orElse(List.of());
  }

  /** Why there are none to show; else empty. */
  public String getRefusal() {
    return answer.refusal();
  }

  /** Whether these are not the newest. */
  public boolean isLater() {
    return !before.isEmpty();
  }

  /** The oldest revision of this page, when there are older ones; else empty. */
  public String getOlder() {
    return answer
        .value()
        .filter(RevisionList::more)
        .map(list -> list.revisions().getLast().id())
        .orElse("");
  }
}
