// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.webapp.Texts;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one browser shows, and what it has been told of it.
 *
 * <pre>{@code
 * {"live": true, "since": 1764000000000, "time": 1764000012000,
 *  "marks": {"wg0": "5f3a"},
 *  "cells": {"wg0/1/rx": {"text": "1.21 MiB"}, "wg0/1/handshake": {"text": "4 s ago", "since": 1764000008}},
 *  "commit": {"deadline": 1764000300000, "author": "ana"}}
 * }</pre>
 *
 * <p>Marks are those of all subjects it shows; cells are those that differ from what it has. {@code
 * commit} is there while a commit waits to be confirmed. For one thread at a time.
 */
final class Watcher {
  /** More subjects than a page shows. */
  static final int MOST = 1000;

  private static final JsonProvider JSON = JsonProvider.provider();

  private final Cells cells;
  private List<Subject> subjects = List.of();
  private Map<String, Cell> told = Map.of();
  private String before = "";

  Watcher(Texts texts) {
    cells = new Cells(texts);
  }

  /** From now on it shows these, and knows nothing of them. */
  void watch(List<Subject> subjects) {
    this.subjects = List.copyOf(subjects);
    told = Map.of();
    before = "";
  }

  /** What it must be told now; empty if nothing has changed and it need not be reassured. */
  Optional<JsonObject> news(Moment now, boolean reassure) {
    Map<String, Cell> all = new HashMap<>();
    JsonObjectBuilder marks = JSON.createObjectBuilder();
    JsonObjectBuilder changed = JSON.createObjectBuilder();
    boolean any = false;
    for (Subject subject : subjects) {
      marks.add(subject.toString(), Marks.of(now, subject));
      for (Map.Entry<String, Cell> cell : cells.of(now, subject).entrySet()) {
        String name = subject + "/" + cell.getKey();
        all.put(name, cell.getValue());
        if (!cell.getValue().isSame(told.get(name))) {
          changed.add(name, json(cell.getValue()));
          any = true;
        }
      }
    }
    told = all;
    JsonObjectBuilder rest =
        JSON.createObjectBuilder()
            .add("live", now.view().connected())
            .add("since", now.view().since().toEpochMilli())
            .add("marks", marks);
    now.view().status().flatMap(GatewayStatus::commit).ifPresent(c -> rest.add("commit", json(c)));
    JsonObject rests = rest.build();
    if (!any && !reassure && rests.toString().equals(before)) {
      return Optional.empty();
    }
    before = rests.toString();
    return Optional.of(
        JSON.createObjectBuilder(rests)
            .add("time", System.currentTimeMillis())
            .add("cells", changed)
            .build());
  }

  private static JsonObjectBuilder json(CommitStatus commit) {
    return JSON.createObjectBuilder()
        .add("deadline", commit.deadline())
        .add("author", commit.origin().author());
  }

  private static JsonObjectBuilder json(Cell cell) {
    JsonObjectBuilder object = JSON.createObjectBuilder().add("text", cell.text());
    if (!cell.look().isEmpty()) {
      object.add("look", cell.look());
    }
    if (cell.since() != 0) {
      object.add("since", cell.since());
    }
    return object;
  }
}
