// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.drift;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.DriftLine;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.TunnelChanged;
import io.gatehouse.control.TunnelChoice;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What runs otherwise than one tunnel's file says, and the three answers to that. */
@Named
@RequestScoped
public class DriftPart {
  /** How far back the last change of a file is looked for. */
  private static final int REVISIONS = 50;

  private static final Pattern KEY_OF_NAMED = Pattern.compile(" \\([A-Za-z0-9+/]{43}=\\)$");

  @Inject private Gateway gateway;
  @Inject private Live live;
  private Optional<List<Revision>> history = Optional.empty();
  private List<FindingStatus> left = List.of();

  /** Whether anything of it is not to stay so. */
  public boolean isOpen(TunnelStatus tunnel) {
    return !tunnel.effectiveDrift().isEmpty();
  }

  /** What a line is about; a peer that has a name goes by that alone. */
  public String subject(DriftLine line) {
    return named(line.subject());
  }

  /** What the file says, or that it says nothing. */
  public String says(DriftLine line) {
    return value(line.says());
  }

  /** What runs, or that nothing does. */
  public String runs(DriftLine line) {
    return value(line.runs());
  }

  private String value(String value) {
    return value.isEmpty() ? live.texts().of("drift.nothing") : named(value);
  }

  private static String named(String text) {
    return KEY_OF_NAMED.matcher(text).replaceFirst("");
  }

  /** When the file was changed last, as the history knows; null where it does not. */
  public @Nullable Revision lastChange(TunnelStatus tunnel) {
    if (history.isEmpty()) {
      history =
          Optional.of(
              Answer.of(
                      gateway,
                      live.texts(),
                      dataPlane -> dataPlane.history(new RevisionRange("", REVISIONS)))
                  .value()
                  .map(RevisionList::revisions)
                  .orElse(List.of()));
    }
    return history.get().stream()
        .filter(revision -> revision.files().contains(tunnel.file()))
        .findFirst()
        .orElse(null);
  }

  /** Makes the tunnel what its file says. */
  public void takeFile() {
    answer("drift.take.file.done", (dataPlane, tunnel) -> dataPlane.takeFile(tunnel));
  }

  /** Writes what runs into the file. */
  public void takeRunning() {
    answer("drift.take.running.done", (dataPlane, tunnel) -> dataPlane.takeRunning(tunnel));
  }

  /** Leaves what runs as it is. */
  public void ignore() {
    answer("drift.ignore.done", (dataPlane, tunnel) -> dataPlane.ignoreDrift(tunnel));
  }

  private interface Decision {
    TunnelChanged make(ControlClient dataPlane, TunnelChoice tunnel)
        throws IOException, ControlException;
  }

  private void answer(String done, Decision decision) {
    String name = Request.parameter("name");
    TunnelChoice tunnel = new TunnelChoice(name, Optional.of(Request.origin("")));
    Answer<TunnelChanged> answer =
        Answer.of(gateway, live.texts(), dataPlane -> decision.make(dataPlane, tunnel));
    if (answer.value().isPresent()) {
      left =
          answer.value().get().findings().stream()
              .filter(finding -> finding.code().equals("NOT-IN-A-FILE"))
              .toList();
      Request.tell(live.texts().of(done, name));
    } else {
      left = answer.findings();
      Request.complain(answer.refusal());
    }
  }

  /** Why it was not done, or what of it could not be. */
  public List<FindingStatus> getFindings() {
    return left;
  }
}
