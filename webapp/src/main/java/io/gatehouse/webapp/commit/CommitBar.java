// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.commit;

import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Restored;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** The bar on each page while a commit waits: confirm it, or go back now. */
@Named
@RequestScoped
public class CommitBar {
  @Inject private Gateway gateway;
  @Inject private Live live;
  private List<FindingStatus> findings = List.of();

  /** Keeps what was changed. */
  public void confirm() {
    Answer<CommitStatus> answer =
        Answer.of(gateway, live.texts(), dataPlane -> dataPlane.confirmCommit());
    findings = answer.findings();
    if (answer.value().isPresent()) {
      Request.tell(live.texts().of("commit.confirmed"));
    } else {
      Request.complain(answer.refusal());
    }
  }

  /** Goes back to how it was before. */
  public void revert() {
    Answer<Restored> answer =
        Answer.of(gateway, live.texts(), dataPlane -> dataPlane.revertCommit());
    if (answer.value().isPresent()) {
      List<String> files = answer.value().get().files();
      findings = answer.value().get().findings();
      Request.tell(
          files.isEmpty()
              ? live.texts().of("commit.reverted.none")
              : live.texts().of("commit.reverted", String.join(", ", files)));
    } else {
      findings = answer.findings();
      Request.complain(answer.refusal());
    }
  }

  /** What the data plane has to say about it. */
  public List<FindingStatus> getFindings() {
    return findings;
  }
}
