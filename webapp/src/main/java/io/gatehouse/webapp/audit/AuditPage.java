// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Audit;
import io.gatehouse.server.security.AuditEntry;
import io.gatehouse.server.security.AuditQuery;
import io.gatehouse.server.security.Guard;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.history.Diff;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URLEncoder;
import java.util.List;

/** The audit, newest first, filtered; a page at a time. What is wanted stands in the address. */
@Named
@RequestScoped
public class AuditPage {
  private static final int SIZE = 50;

  @Inject private Audit audit;
  @Inject private Guard guard;
  @Inject private Live live;
  private AuditQuery query;
  private int page = 1;
  private List<AuditEntry> found = List.of();

  @PostConstruct
  void look() {
    guard.require(Action.READ_AUDIT);
    query =
        AuditQuery.of(
            Request.parameter("q"), Request.parameter("kind"), Request.parameter("result"));
    String number = Request.parameter("page");
    page = number.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(number) : 1;
    // One more, to know whether there are older ones.
    found = audit.newest(query, (page - 1) * SIZE, SIZE + 1);
  }

  /** The entries of this page. */
  public List<AuditEntry> getEntries() {
    return found.subList(0, Math.min(SIZE, found.size()));
  }

  /** Whether everything is shown that there is. */
  public boolean isUnfiltered() {
    return query.isEverything();
  }

  /** What was done, in words. */
  public String action(AuditEntry entry) {
    return live.texts().orElse("action." + entry.action(), entry.action());
  }

  /** What differs, line by line. */
  public List<Diff.Line> lines(AuditEntry entry) {
    return Diff.lines(entry.difference());
  }

  /** The address of the page with newer ones; empty when this is the newest. */
  public String getNewer() {
    return page > 1 ? address(page - 1) : "";
  }

  /** The address of the page with older ones; empty when this is the oldest. */
  public String getOlder() {
    return found.size() > SIZE ? address(page + 1) : "";
  }

  private String address(int number) {
    return "/audit?" + getParameters() + "&page=" + number;
  }

  /** What is wanted, as parameters of an address. */
  public String getParameters() {
    return "q="
        + URLEncoder.encode(query.text(), UTF_8)
        + "&kind="
        + getKind()
        + "&result="
        + getResult();
  }

  public String getText() {
    return query.text();
  }

  public String getKind() {
    return query.kind().map(Enum::name).orElse("");
  }

  public String getResult() {
    return query.result().map(Enum::name).orElse("");
  }
}
