// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Optional;

/**
 * Everything the data plane tells about itself at one moment. Holds no secret.
 *
 * @param version of the data plane
 * @param tunnelDirectory where wg-quick files are dropped
 * @param started Unix seconds
 * @param time Unix milliseconds when this was taken
 * @param tunnels sorted by name; files that gave no tunnel are here too, as {@code FAILED}
 * @param commit the commit that waits to be confirmed
 * @param protocol of the control interface, {@value #PROTOCOL} now, 1 if it is missing. Each side
 *     does with one that is one lower or higher
 * @param config what became of changed files
 * @param java which Java the data plane runs on: version and vendor
 * @param simulated true if the data plane only plays a machine and its peers; missing otherwise
 */
public record GatewayStatus(
    String version,
    String tunnelDirectory,
    long started,
    long time,
    List<TunnelStatus> tunnels,
    Optional<CommitStatus> commit,
    Optional<Integer> protocol,
    Optional<ConfigActivity> config,
    Optional<String> java,
    Optional<Boolean> simulated) {
  /**
   * The protocol that this side speaks; 2 added {@code changes}, {@code file.*} and {@code edit}.
   */
  public static final int PROTOCOL = 2;

  /** Copies the list. */
  public GatewayStatus {
    tunnels = List.copyOf(tunnels);
  }

  /** By the protocol of now, without word of changed files and Java. */
  public GatewayStatus(
      String version,
      String tunnelDirectory,
      long started,
      long time,
      List<TunnelStatus> tunnels,
      Optional<CommitStatus> commit) {
    this(
        version,
        tunnelDirectory,
        started,
        time,
        tunnels,
        commit,
        Optional.of(PROTOCOL),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Without a commit that waits. */
  public GatewayStatus(
      String version, String tunnelDirectory, long started, long time, List<TunnelStatus> tunnels) {
    this(version, tunnelDirectory, started, time, tunnels, Optional.empty());
  }

  /** The product as it calls itself: its name, its version, and whether it is simulated. */
  public String product() {
    return "Gatehouse " + version + (isSimulated() ? " (simulated)" : "");
  }

  /** Whether the data plane only plays a machine and its peers. */
  public boolean isSimulated() {
    return simulated.orElse(false);
  }
}
