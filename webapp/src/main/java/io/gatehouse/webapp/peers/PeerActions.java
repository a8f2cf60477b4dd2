// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import io.gatehouse.control.EditRequest;
import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;

/** Switches a peer off and on, and takes it out of its file. */
@Named
@RequestScoped
public class PeerActions {
  @Inject private Gateway gateway;
  @Inject private Live live;
  @Inject private PeerPage page;
  private List<FindingStatus> findings = List.of();

  /** Switches the peer off, reversibly. */
  public void disable() {
    PeerStatus peer = page.getPeer();
    if (peer != null) {
      edit("peer.disabled.done", new EditStep.Disable(peer.publicKey()));
    }
  }

  /** Switches the peer on again. */
  public void enable() {
    PeerStatus peer = page.getPeer();
    if (peer != null) {
      edit("peer.enabled.done", new EditStep.Enable(peer.publicKey()));
    }
  }

  /** Takes the peer out of the file. The history keeps what was there. */
  public void remove() {
    PeerStatus peer = page.getPeer();
    if (peer != null) {
      edit("peer.removed.done", new EditStep.RemovePeer(peer.publicKey()));
    }
  }

  private void edit(String done, EditStep step) {
    TunnelStatus tunnel = page.getTunnelStatus();
    if (tunnel == null) {
      return;
    }
    Answer<FilesChanged> answer =
        Answer.of(
            gateway,
            live.texts(),
            dataPlane ->
                dataPlane.edit(
                    new EditRequest(
                        List.of(new FileSteps(tunnel.file(), Optional.empty(), List.of(step))),
                        false,
                        Optional.of(Request.origin("")))));
    findings = answer.findings();
    if (answer.value().isPresent()) {
      Request.tell(live.texts().of(done, page.getTitle()));
    } else {
      Request.complain(answer.refusal());
    }
  }

  /** Why it was refused, in detail. */
  public List<FindingStatus> getFindings() {
    return findings;
  }
}
