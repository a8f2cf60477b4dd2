// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All checks of files, with each other and on a machine. Safe for any thread. */
public final class Checks {
  private static final List<Check> ALL =
      List.of(
          new HostBits(),
          new SharedAllowedIps(),
          new NestedAllowedIps(),
          new SharedAddresses(),
          new SharedPrivateKeys(),
          new OwnKeyAsPeer(),
          new EndpointLoop(),
          new SessionCutOff(),
          new PortInUse(),
          new MissingKeepalive(),
          new TooLargeMtu(),
          new OverlappingRoutes(),
          new OverlappingNetworks(),
          new UnresolvedEndpoint(),
          new HooksOff(),
          new ReplaceableHooks(),
          new GatewayPlaces());

  /** What the reader says with less knowledge than the checks have. */
  private static final Set<String> REPLACED =
      Set.of(FindingCode.HOST_BITS.code(), FindingCode.ALLOWED_IPS_TAKEN.code());

  private Checks() {}

  /**
   * Everything that is to be said about files: what their reader found, and, where that is no
   * error, what the checks find. Disabled peers do not count. Where a check knows more than the
   * reader its finding takes that one's place. Near-linear in the size of the files.
   *
   * @param files that are asked about
   * @param others of the same machine, which are only compared with
   * @return by file, in the order of {@code files}, and by line
   */
  public static List<Finding> findings(
      List<WgQuickFile> files, List<WgQuickFile> others, HostFacts facts) {
    List<Tunnel> tunnels = new ArrayList<>();
    others.forEach(file -> Tunnel.of(file, false).ifPresent(tunnels::add));
    Map<WgQuickFile, Tunnel> asked = new HashMap<>();
    for (WgQuickFile file : files) {
      Tunnel.of(file, true)
          .ifPresent(
              tunnel -> {
                tunnels.add(tunnel);
                asked.put(file, tunnel);
              });
    }
    Report report = new Report();
    ALL.forEach(check -> check.look(tunnels, facts, report));
    List<Finding> all = new ArrayList<>();
    for (WgQuickFile file : files) {
      List<Finding> about = new ArrayList<>(file.findings());
      Tunnel tunnel = asked.get(file);
      if (tunnel != null) {
        List<Finding> found = report.about(tunnel);
        about.removeIf(finding -> REPLACED.contains(finding.code()));
        if (found.stream().anyMatch(finding -> finding.code().equals(FindingCode.MORE.code()))) {
          // What the reader counted as well; one number is enough.
          about.removeIf(finding -> finding.code().equals(FindingCode.MORE.code()));
        }
        about.addAll(found);
      }
      about.sort(Comparator.comparingInt(Finding::line));
      all.addAll(about);
    }
    return List.copyOf(all);
  }

  /** The names that endpoints of enabled peers have, in lower case, for {@link HostFacts#names}. */
  public static Set<String> namesIn(List<WgQuickFile> files) {
    Set<String> names = new TreeSet<>();
    for (WgQuickFile file : files) {
      file.config()
          .ifPresent(
              config ->
                  config.peers().stream()
                      .map(PeerConfig::endpoint)
                      .flatMap(Optional::stream)
                      .filter(endpoint -> Endpoints.literal(endpoint).isEmpty())
                      .map(endpoint -> endpoint.host().toLowerCase(Locale.ROOT))
                      .forEach(names::add));
    }
    return names;
  }
}
