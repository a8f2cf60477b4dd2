// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.server.gateway.GatewayView;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a browser is told.
 *
 * <pre>{@code
 * {"live": true, "since": 1764000000000, "time": 1764000012000,
 *  "outline": {"wg0": "5f3a"},
 *  "cells": {"wg0/1/rx": {"text": "1.21 MiB"}, "wg0/1/handshake": {"text": "4 s ago", "since": 1764000008}}}
 * }</pre>
 *
 * <p>The outline is always whole; the cells are those that differ from what the browser has.
 */
final class Push {
  private Push() {}

  /** Everything, for a browser that has just come. */
  static JsonObject whole(GatewayView view) {
    return message(view, view.status().map(Cells::of).orElse(Map.of()));
  }

  /** What differs between two views. */
  static JsonObject between(GatewayView old, GatewayView next) {
    Map<String, Cell> before = old.status().map(Cells::of).orElse(Map.of());
    Map<String, Cell> changed = new LinkedHashMap<>();
    next.status()
        .map(Cells::of)
        .orElse(Map.of())
        .forEach(
            (name, cell) -> {
              if (!isSame(cell, before.get(name))) {
                changed.put(name, cell);
              }
            });
    return message(next, changed);
  }

  /** The text of an age changes each second, but the browser can count. */
  private static boolean isSame(Cell cell, @Nullable Cell before) {
    return before != null
        && cell.look().equals(before.look())
        && cell.since() == before.since()
        && (cell.since() != 0 || cell.text().equals(before.text()));
  }

  private static JsonObject message(GatewayView view, Map<String, Cell> cells) {
    JsonObjectBuilder outline = Json.createObjectBuilder();
    view.status().map(Outline::of).orElse(Map.of()).forEach(outline::add);
    JsonObjectBuilder content = Json.createObjectBuilder();
    cells.forEach((name, cell) -> content.add(name, json(cell)));
    return Json.createObjectBuilder()
        .add("live", view.connected())
        .add("since", view.since().toEpochMilli())
        .add("time", System.currentTimeMillis())
        .add("outline", outline)
        .add("cells", content)
        .build();
  }

  private static JsonObjectBuilder json(Cell cell) {
    JsonObjectBuilder object = Json.createObjectBuilder().add("text", cell.text());
    if (!cell.look().isEmpty()) {
      object.add("look", cell.look());
    }
    if (cell.since() != 0) {
      object.add("since", cell.since());
    }
    return object;
  }
}
