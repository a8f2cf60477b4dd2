// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.files;

import io.gatehouse.control.FileChoice;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FileRemoval;
import io.gatehouse.control.FileText;
import io.gatehouse.control.FileVersion;
import io.gatehouse.control.FileWrite;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Caller;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.history.Diff;
import io.gatehouse.webapp.live.Live;
import io.gatehouse.webapp.pending.Draft;
import io.gatehouse.webapp.pending.Effect;
import io.gatehouse.webapp.pending.Pending;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;

/**
 * The editor of one file, or of a new one. Keys are hidden: the text holds placeholders, which the
 * data plane replaces when it is written back. What somebody else changed meanwhile is merged.
 */
@Named
@RequestScoped
public class FilePage {
  private static final String TEMPLATE =
      """
      [Interface]
      PrivateKey = (generate)
      Address = 10.0.0.1/24
      ListenPort = 51820
      """;

  @Inject private Gateway gateway;
  @Inject private Live live;
  @Inject private Pending pending;
  private String name = "";
  private String newName = "";
  private String base = "";
  private String text = "";
  private String refusal = "";
  private List<FindingStatus> findings = List.of();
  private Optional<FilesChanged> outcome = Optional.empty();

  /** Before anything else, for what can be done depends on which file it is. */
  @PostConstruct
  void look() {
    name = Request.parameter("name");
    if (!name.isEmpty()) {
      read();
    } else if (Caller.current().may(Action.EDIT_FILES)) {
      text = TEMPLATE;
    } else {
      refusal = live.texts().of("file.new.not");
    }
  }

  private void read() {
    Answer<FileText> answer =
        Answer.of(gateway, live.texts(), dataPlane -> dataPlane.readFile(new FileChoice(name)));
    refusal = answer.refusal();
    answer
        .value()
        .ifPresent(
            file -> {
              Optional<Draft> draft = pending.of(name);
              base = draft.map(Draft::base).orElse(file.version());
              text = draft.flatMap(Draft::text).orElse(file.text());
              findings = file.findings();
            });
  }

  /** Says what would come of the text, and changes nothing. */
  public void check() {
    write(true);
  }

  /** Writes the text, and takes it. */
  public void save() {
    write(false);
    if (outcome.isPresent()) {
      boolean merged = outcome.get().files().stream().anyMatch(FileVersion::merged);
      String saved = isFresh() ? newName : name;
      Request.tell(live.texts().of(merged ? "file.merged" : "file.saved", saved));
      pending.discard(name);
      name = saved;
      outcome = Optional.empty();
      read();
    }
  }

  /** Puts the text with the other changes that wait for their review. */
  public void keep() {
    pending.rewrite(name, base, text);
    Request.redirect("/review");
  }

  /** Forgets what waits for this file. */
  public void discard() {
    pending.discard(name);
    read();
  }

  /** How many changes of this file wait. */
  public int getWaiting() {
    return pending.of(name).map(Draft::count).orElse(0);
  }

  /** How many of them are settings, which are made on top of the text. */
  public int getSettings() {
    return pending.of(name).map(draft -> draft.steps().size()).orElse(0);
  }

  /** Takes the file away, and its tunnel with it. The history keeps the text. */
  public void remove() {
    Answer<FilesChanged> answer =
        Answer.of(
            gateway,
            live.texts(),
            dataPlane ->
                dataPlane.removeFile(
                    new FileRemoval(
                        name, Optional.of(base), false, Optional.of(Request.origin("")))));
    if (answer.value().isPresent()) {
      Request.tell(live.texts().of("file.removed", name));
      name = "";
      text = TEMPLATE;
      findings = List.of();
    } else {
      findings = answer.findings();
      Request.complain(answer.refusal());
    }
  }

  private void write(boolean dryRun) {
    Answer<FilesChanged> answer =
        Answer.of(
            gateway,
            live.texts(),
            dataPlane ->
                isFresh()
                    ? dataPlane.createFile(
                        new FileCreation(newName, text, dryRun, Optional.of(Request.origin(""))))
                    : dataPlane.writeFile(
                        new FileWrite(name, base, text, dryRun, Optional.of(Request.origin("")))));
    outcome = answer.value();
    findings = outcome.map(FilesChanged::findings).orElse(answer.findings());
    if (outcome.isEmpty()) {
      Request.complain(answer.refusal());
    }
  }

  /** Whether the file is not there yet. */
  public boolean isFresh() {
    return name.isEmpty();
  }

  /** Whether the text was checked just now, and would be taken. */
  public boolean isChecked() {
    return outcome.isPresent();
  }

  /** What would be done to the tunnels. */
  public List<Effect> getEffects() {
    return outcome.map(changed -> Effect.of(changed, live)).orElse(List.of());
  }

  /** What differs from the file, line by line. */
  public List<Diff.Line> getLines() {
    return outcome.map(FilesChanged::diff).map(Diff::lines).orElse(List.of());
  }

  /** Why the file cannot be shown; else empty. */
  public String getRefusal() {
    return refusal;
  }

  /** What the checks say. */
  public List<FindingStatus> getFindings() {
    return findings;
  }

  public String getName() {
    return name;
  }

  public String getNewName() {
    return newName;
  }

  public void setNewName(String newName) {
    this.newName = newName.strip();
  }

  /** The version that is edited. */
  public String getBase() {
    return base;
  }

  public void setBase(String base) {
    this.base = base;
  }

  /** The text; a browser passes over a line end at its very beginning, unless there are two. */
  public String getText() {
    return text.startsWith("\n") || text.startsWith("\r") ? "\n" + text : text;
  }

  public void setText(String sent) {
    text = LineEnds.restore(text, sent);
  }
}
