// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.Optional;

/**
 * Where a peer may go, or may not: {@code DESTINATION [tcp|udp|icmp [PORTS]]}.
 *
 * @param destination without host bits
 * @param protocol empty for every one
 * @param ports only with TCP or UDP; empty for every one
 */
public record AccessRule(
    Prefix destination, Optional<IpProtocol> protocol, Optional<PortRange> ports) {
  /** Checks the parts against each other. */
  public AccessRule {
    if (!destination.equals(destination.masked())) {
      throw new IllegalArgumentException(
          destination + " has bits set behind its length; " + destination.masked() + " has not");
    }
    if (ports.isPresent() && !protocol.map(IpProtocol::hasPorts).orElse(false)) {
      throw new IllegalArgumentException("only tcp and udp have ports");
    }
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public static AccessRule parse(String text) {
    String[] words = text.split("[ \t]+", -1);
    if (words.length > 3) {
      throw new IllegalArgumentException("too many words in \"" + text + "\"");
    }
    return new AccessRule(
        Prefix.parse(words[0]),
        words.length > 1 ? Optional.of(IpProtocol.parse(words[1])) : Optional.empty(),
        words.length > 2 ? Optional.of(PortRange.parse(words[2])) : Optional.empty());
  }

  /** As it is read. */
  @Override
  public String toString() {
    return destination
        + protocol.map(name -> " " + name).orElse("")
        + ports.map(range -> " " + range).orElse("");
  }
}
