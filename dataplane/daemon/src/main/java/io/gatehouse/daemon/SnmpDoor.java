// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.daemon.snmp.SnmpAgent;
import io.gatehouse.daemon.snmp.SnmpOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * The SNMP agent, or why there is none. Tunnels must run whether or not they can be watched, so an
 * agent that cannot start (a damaged state file, a port in use) is said and lived without.
 */
final class SnmpDoor implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SnmpDoor.class.getName());

  private final Optional<SnmpAgent> agent;
  private final String trouble;

  private SnmpDoor(Optional<SnmpAgent> agent, String trouble) {
    this.agent = agent;
    this.trouble = trouble;
  }

  static SnmpDoor open(SnmpOptions options, Supplier<GatewayStatus> status, LongSupplier heldBack) {
    try {
      return new SnmpDoor(Optional.of(SnmpAgent.start(options, status, heldBack)), "");
    } catch (IOException e) {
      LOG.severe("no SNMP until the next start: " + e.getMessage());
      return new SnmpDoor(Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  /** Empty when it could not start; see {@link #trouble}. */
  Optional<SnmpAgent> agent() {
    return agent;
  }

  /** Follows the users and targets of the settings as long as there is an agent; see there. */
  Closeable follow(Settings settings, Path settingsFile, SnmpSettings.Source source) {
    return agent
        .map(known -> new SnmpSettings(settings, settingsFile, source, known).follow())
        .orElse(() -> {});
  }

  /** Why there is no agent; empty when there is one. */
  String trouble() {
    return trouble;
  }

  @Override
  public void close() {
    agent.ifPresent(SnmpAgent::close);
  }
}
