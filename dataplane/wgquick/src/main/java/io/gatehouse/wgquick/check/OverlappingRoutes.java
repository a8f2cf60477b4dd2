// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Allowed IPs of two tunnels that overlap: the same ones cannot both have a route in the main
 * table, nested ones are legal and worth knowing.
 */
final class OverlappingRoutes implements Check {
  /** A route of a tunnel; equal when the tunnel is. */
  private record Owned(Tunnel tunnel, List<WrittenPrefix> written) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Owned owned && tunnel.equals(owned.tunnel);
    }

    @Override
    public int hashCode() {
      return tunnel.hashCode();
    }

    WrittenPrefix first() {
      return written.getFirst();
    }
  }

  /** What one tunnel has inside a route of another. */
  private record Pair(Prefix outer, Tunnel inner) {}

  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    Map<Prefix, Owned> routes = new HashMap<>();
    for (Tunnel tunnel : tunnels) {
      if (!tunnel.hasMainRoutes()) {
        continue;
      }
      for (WrittenPrefix written : tunnel.allowedIps) {
        Owned owned = new Owned(tunnel, List.of(written));
        Owned before = routes.putIfAbsent(written.prefix(), owned);
        if (before != null && !before.equals(owned)) {
          report.add(
              tunnel,
              FindingCode.ROUTE_SHARED,
              () ->
                  FindingCode.ROUTE_SHARED.at(
                      tunnel.file.fileName(),
                      written.line(),
                      written.prefix().toString(),
                      before.tunnel().name));
        }
      }
    }
    nested(routes, report);
  }

  private static void nested(Map<Prefix, Owned> routes, Report report) {
    Map<Pair, List<Owned>> inside = new LinkedHashMap<>();
    Map<Pair, Owned> around = new HashMap<>();
    Nesting.of(
        routes,
        (outer, inner) -> {
          Pair pair = new Pair(outer.getKey(), inner.getValue().tunnel());
          around.put(pair, outer.getValue());
          inside.computeIfAbsent(pair, p -> new ArrayList<>()).add(inner.getValue());
        });
    inside.forEach(
        (pair, inner) -> {
          Owned outer = around.get(pair);
          if (outer == null) {
            return;
          }
          // On the side that is asked about.
          boolean atOuter = outer.tunnel().asked;
          Tunnel about = atOuter ? outer.tunnel() : pair.inner();
          WrittenPrefix at = atOuter ? outer.first() : inner.getFirst().first();
          report.add(
              about,
              FindingCode.ROUTE_NESTED,
              () ->
                  FindingCode.ROUTE_NESTED.at(
                      about.file.fileName(),
                      at.line(),
                      pair.outer().toString(),
                      pair.inner().name,
                      inner.size(),
                      outer.tunnel().name,
                      inner.getFirst().first().prefix()));
        });
  }
}
