// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.pending;

import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileChoice;
import io.gatehouse.control.FileText;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Caller;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a tunnel or of one of its peers, as its file says them and as they will be after
 * the review. What is changed here waits for that.
 */
@Named
@RequestScoped
public class SettingsPage {
  @Inject private Gateway gateway;
  @Inject private Live live;
  @Inject private Pending pending;
  private String tunnel = "";
  private int number;
  private String file = "";
  private String refusal = "";
  private String base = "";
  private List<Setting> settings = List.of();

  /** Before anything else, for a form's fields depend on what it is about. */
  @PostConstruct
  void look() {
    tunnel = Request.parameter("tunnel");
    String text = Request.parameter("number");
    number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    file = live.now().tunnel(tunnel).map(TunnelStatus::file).orElse("");
    if (file.isEmpty() || number != 0 && getPeer() == null) {
      refusal = live.texts().of("settings.unknown");
      return;
    }
    if (number == 0 && !Caller.current().may(Action.EDIT_FILES)) {
      refusal = live.texts().of("settings.not");
      return;
    }
    Answer<FileText> answer =
        Answer.of(gateway, live.texts(), dataPlane -> dataPlane.readFile(new FileChoice(file)));
    refusal = answer.refusal();
    answer.value().ifPresent(this::read);
  }

  private void read(FileText read) {
    base = read.version();
    Optional<Draft> waiting = pending.of(file);
    Optional<List<Setting>> found =
        Settings.of(file, waiting.flatMap(Draft::text).orElse(read.text()), key());
    if (found.isEmpty()) {
      refusal = live.texts().of("settings.unreadable", file);
      return;
    }
    settings = found.get();
    for (Setting setting : settings) {
      waiting.stream()
          .flatMap(draft -> draft.steps().stream())
          .forEach(step -> setting.expect(step, key()));
    }
  }

  private Optional<String> key() {
    return Optional.ofNullable(getPeer()).map(PeerStatus::publicKey);
  }

  /** Puts what differs with the other changes that wait. */
  public void keep() {
    List<EditStep> steps = new ArrayList<>();
    for (Setting setting : settings) {
      Optional<String> wrong = setting.wrong(live.texts());
      if (wrong.isPresent()) {
        Request.complain(wrong.get());
        return;
      }
      EditStep step = setting.step(key());
      if (setting.isChanged()) {
        steps.add(step);
      } else {
        pending.take(file, step);
      }
    }
    if (!steps.isEmpty()) {
      pending.add(file, base, steps);
    }
    Request.redirect(
        pending.getChanges() > 0
            ? "/review"
            : number == 0
                ? "/tunnel?name=" + tunnel
                : "/peer?tunnel=" + tunnel + "&number=" + number);
  }

  /** The peer; null when it is about the tunnel itself. */
  public @Nullable PeerStatus getPeer() {
    return number == 0 ? null : live.now().peer(tunnel, number).orElse(null);
  }

  /** What people call it. */
  public String getTitle() {
    PeerStatus peer = getPeer();
    return peer == null ? tunnel : peer.name().isEmpty() ? peer.publicKey() : peer.name();
  }

  /** What can be set. */
  public List<Setting> getSettings() {
    return settings;
  }

  /** Why nothing can be shown; else empty. */
  public String getRefusal() {
    return refusal;
  }

  public String getTunnel() {
    return tunnel;
  }

  public int getNumber() {
    return number;
  }
}
