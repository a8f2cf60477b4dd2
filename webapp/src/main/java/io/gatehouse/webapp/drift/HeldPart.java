// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.drift;

import io.gatehouse.control.Approval;
import io.gatehouse.control.Approved;
import io.gatehouse.control.FileChoice;
import io.gatehouse.control.FileText;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that are not applied before an administrator approves them: those that were there at a
 * first start, and those that the checks hold back. What is approved is what was looked at.
 */
@Named
@RequestScoped
public class HeldPart {
  @Inject private Gateway gateway;
  @Inject private Live live;
  private String asked = "";
  private Answer<FileText> file = Answer.none();
  private List<FindingStatus> findings = List.of();

  /** Why a tunnel's file is not applied yet; null for one that is. */
  public @Nullable FindingStatus of(TunnelStatus tunnel) {
    return Held.of(tunnel).orElse(null);
  }

  /** Whether a file waits since a first start; else the checks hold it back. */
  public boolean isWaiting(FindingStatus why) {
    return why.code().equals("WAITS-FOR-APPROVAL");
  }

  /** All tunnels whose files are not applied before somebody approves them, by name. */
  public List<TunnelStatus> getAll() {
    return live.now().tunnels().stream().filter(tunnel -> Held.of(tunnel).isPresent()).toList();
  }

  /** The tunnel that a file is of; null if there is none. */
  public @Nullable TunnelStatus tunnel(String file) {
    return live.now().tunnels().stream()
        .filter(tunnel -> tunnel.file().equals(file))
        .findFirst()
        .orElse(null);
  }

  /** The file as it is looked at; null if it cannot be read now. */
  public @Nullable FileText read(TunnelStatus tunnel) {
    if (!asked.equals(tunnel.file())) {
      asked = tunnel.file();
      file = Answer.of(gateway, live.texts(), client -> client.readFile(new FileChoice(asked)));
    }
    return file.value().orElse(null);
  }

  /** The lines of a file that a shell would run. */
  public List<String> hooks(FileText text) {
    return Held.hooks(text.text());
  }

  /** Has one file applied, unless it is another one by now. */
  public void approve() {
    String name = Request.parameter("name");
    TunnelStatus tunnel = live.now().tunnel(name).orElse(null);
    FileText now = tunnel == null ? null : read(tunnel);
    if (now == null) {
      Request.complain(file.refusal().isEmpty() ? live.texts().of("gone") : file.refusal());
    } else if (!now.version().equals(Request.parameter("version"))) {
      Request.complain(live.texts().of("held.changed", now.name()));
    } else if (approve(List.of(name))) {
      Request.tell(live.texts().of("held.approved", now.name()));
    }
  }

  /** Has all of them applied that are shown. */
  public void approveAll() {
    List<String> names = List.of(Request.parameter("names").split(" "));
    if (approve(names)) {
      Request.tell(live.texts().of("held.approved.all", names.size()));
    }
  }

  private boolean approve(List<String> names) {
    Answer<Approved> answer =
        Answer.of(gateway, live.texts(), client -> client.approve(new Approval(names)));
    findings = answer.findings();
    if (answer.value().isEmpty()) {
      Request.complain(answer.refusal());
    }
    return answer.value().isPresent();
  }

  /** The names of all of them, parted by blanks. */
  public String getNames() {
    return String.join(" ", getAll().stream().map(TunnelStatus::name).toList());
  }

  /** Why it was refused. */
  public List<FindingStatus> getFindings() {
    return findings;
  }
}
