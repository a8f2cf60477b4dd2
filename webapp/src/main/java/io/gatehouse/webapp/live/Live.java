// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.Rates;
import io.gatehouse.webapp.Texts;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every page knows of the gateway, taken once per request so that its parts agree. */
@Named
@RequestScoped
public class Live {
  @Inject private Gateway gateway;
  @Inject private Rates rates;
  private final Map<Subject, Map<String, Cell>> known = new HashMap<>();
  private Moment now;
  private Texts texts;
  private Cells cells;

  @PostConstruct
  void look() {
    now = new Moment(gateway.view(), rates);
    texts = Texts.here();
    cells = new Cells(texts);
  }

  /** The gateway at the time of this request. */
  public Moment now() {
    return now;
  }

  /** The texts of this page. */
  public Texts texts() {
    return texts;
  }

  /** Whether a data plane was ever seen. */
  public boolean isKnown() {
    return now.view().status().isPresent();
  }

  /** Whether what is shown is of now. */
  public boolean isConnected() {
    return now.view().connected();
  }

  /** Whether the data plane only plays a machine and its peers. */
  public boolean isSimulated() {
    return now.view().status().map(GatewayStatus::isSimulated).orElse(false);
  }

  /** Unix milliseconds of when the data plane came or went. */
  public long getSince() {
    return now.view().since().toEpochMilli();
  }

  /** Unix milliseconds of now, by this machine's clock. */
  public long getTime() {
    return System.currentTimeMillis();
  }

  /** Where files are dropped. */
  public String getDirectory() {
    return now.view().status().map(GatewayStatus::tunnelDirectory).orElse("");
  }

  /** The commit that waits to be confirmed. */
  public @Nullable CommitStatus getCommit() {
    return commit().orElse(null);
  }

  Optional<CommitStatus> commit() {
    return now.view().status().flatMap(GatewayStatus::commit);
  }

  /** A cell by its subject's name and its word; an empty one if there is none such. */
  public Cell cell(String subject, String word) {
    Cell found =
        Subject.parse(subject)
            .map(s -> known.computeIfAbsent(s, asked -> cells.of(now, asked)))
            .map(words -> words.get(word))
            .orElse(null);
    return found == null ? Cell.of("") : found;
  }

  /** A mark that changes when the subject's part of the page must be made anew. */
  public String mark(String subject) {
    return Subject.parse(subject).map(s -> Marks.of(now, s)).orElse("");
  }
}
