// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import io.gatehouse.control.EditRequest;
import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import io.gatehouse.webapp.pending.Expiry;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Does one thing to many peers: all of them or none. */
@Named
@RequestScoped
public class BulkAction {
  /** Each edit reads its file anew, so thousands would keep the data plane busy for long. */
  static final int MOST = 500;

  @Inject private Gateway gateway;
  @Inject private Live live;
  @Inject private PeersPage page;
  private String subjects = "";
  private String what = "";
  private String value = "";
  private boolean all;
  private List<FindingStatus> findings = List.of();

  /** Has it done. */
  public void apply() {
    List<PeerQuery.Row> rows = chosen();
    if (rows.isEmpty()) {
      Request.complain(live.texts().of("bulk.none"));
      return;
    }
    if (rows.size() > MOST) {
      Request.complain(live.texts().of("bulk.most", MOST));
      return;
    }
    if (what.equals("expire") && !value.isEmpty() && Expiry.parse(value).isEmpty()) {
      Request.complain(live.texts().of("settings.expires.form", value));
      return;
    }
    Map<String, List<EditStep>> files = new TreeMap<>();
    for (PeerQuery.Row row : rows) {
      step(row.peer())
          .ifPresent(
              step -> files.computeIfAbsent(row.tunnel().file(), f -> new ArrayList<>()).add(step));
    }
    EditRequest request =
        new EditRequest(
            files.entrySet().stream()
                .map(each -> new FileSteps(each.getKey(), Optional.empty(), each.getValue()))
                .toList(),
            false,
            Optional.of(Request.origin(live.texts().of("bulk.why." + what, rows.size()))));
    Answer<FilesChanged> answer =
        Answer.of(gateway, live.texts(), dataPlane -> dataPlane.edit(request));
    findings = answer.findings();
    if (answer.value().isPresent()) {
      Request.tell(live.texts().of("bulk.done", rows.size()));
    } else {
      Request.complain(answer.refusal());
    }
  }

  /** Those that have a file to change. */
  private List<PeerQuery.Row> chosen() {
    Set<String> wanted = Stream.of(subjects.split("\\s+")).collect(Collectors.toSet());
    return page.getFound().stream()
        .filter(row -> !row.tunnel().file().isEmpty())
        .filter(row -> all || wanted.contains(row.subject()))
        .toList();
  }

  private Optional<EditStep> step(PeerStatus peer) {
    String key = peer.publicKey();
    return Optional.of(
        switch (what) {
          case "enable" -> new EditStep.Enable(key);
          case "disable" -> new EditStep.Disable(key);
          case "remove" -> new EditStep.RemovePeer(key);
          case "tag" -> tags(peer, true);
          case "untag" -> tags(peer, false);
          case "expire" ->
              new EditStep.Set(
                  Optional.of(key), "gatehouse.expires", Expiry.parse(value).stream().toList());
          default -> throw new IllegalArgumentException("no such action: " + what);
        });
  }

  private EditStep tags(PeerStatus peer, boolean add) {
    Set<String> tags = new LinkedHashSet<>(peer.tags());
    List<String> named =
        Stream.of(value.split(",")).map(String::strip).filter(tag -> !tag.isEmpty()).toList();
    if (add) {
      tags.addAll(named);
    } else {
      named.forEach(tags::remove);
    }
    return new EditStep.Set(
        Optional.of(peer.publicKey()),
        "gatehouse.tags",
        tags.isEmpty() ? List.of() : List.of(String.join(", ", tags)));
  }

  /** Why it was refused, in detail. */
  public List<FindingStatus> getFindings() {
    return findings;
  }

  public String getSubjects() {
    return subjects;
  }

  public void setSubjects(String subjects) {
    this.subjects = subjects.strip();
  }

  public String getWhat() {
    return what;
  }

  public void setWhat(String what) {
    this.what = what;
  }

  public String getValue() {
    return value;
  }

  public void setValue(String value) {
    this.value = value.replaceAll("[\\r\\n#]", " ").strip();
  }

  /** Whether all are meant that the view shows, on other pages of the list as well. */
  public boolean isAll() {
    return all;
  }

  public void setAll(boolean all) {
    this.all = all;
  }
}
