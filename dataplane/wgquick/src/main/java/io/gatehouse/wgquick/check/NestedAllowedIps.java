// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Allowed IPs of one peer inside those of another: legal, often meant, and worth knowing. */
final class NestedAllowedIps implements Check {
  /** Prefixes of others inside one. */
  private record Inside(WrittenPrefix outer, List<WrittenPrefix> inner) {}

  /** A prefix as it is written; equal when the peer is. */
  private record Owned(PublicKey peer, List<WrittenPrefix> written) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Owned owned && peer.equals(owned.peer);
    }

    @Override
    public int hashCode() {
      return peer.hashCode();
    }
  }

  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    for (Tunnel tunnel : tunnels) {
      Map<Prefix, Owned> prefixes = new HashMap<>();
      for (WrittenPrefix written : tunnel.allowedIps) {
        prefixes.put(written.prefix(), new Owned(written.peer(), List.of(written)));
      }
      Map<Prefix, Inside> nested = new LinkedHashMap<>();
      Nesting.of(
          prefixes,
          (outer, inner) ->
              nested
                  .computeIfAbsent(
                      outer.getKey(),
                      prefix ->
                          new Inside(outer.getValue().written().getFirst(), new ArrayList<>()))
                  .inner()
                  .add(inner.getValue().written().getFirst()));
      for (Inside inside : nested.values()) {
        WrittenPrefix such = inside.inner().getFirst();
        report.add(
            tunnel,
            FindingCode.ALLOWED_IPS_NESTED,
            () ->
                FindingCode.ALLOWED_IPS_NESTED.at(
                    tunnel.file.fileName(),
                    inside.outer().line(),
                    inside.outer().prefix().toString(),
                    inside.inner().size(),
                    tunnel.shown(inside.outer().peer()),
                    such.prefix(),
                    tunnel.shown(such.peer())));
      }
    }
  }
}
