// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.Optional;

/**
 * That what comes out of the tunnel leaves by an interface under that interface's own address:
 * {@code INTERFACE [SOURCE]}.
 *
 * @param out the interface
 * @param source only for these, without host bits; {@code 0.0.0.0/0} is all of IPv4. Empty for
 *     everything
 */
public record Masquerade(InterfaceName out, Optional<Prefix> source) {
  /** Checks the source. */
  public Masquerade {
    if (source.filter(prefix -> !prefix.equals(prefix.masked())).isPresent()) {
      throw new IllegalArgumentException("the source has bits set behind its length");
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public static Masquerade parse(String text) {
    String[] words = text.split("[ \t]+", -1);
    if (words.length > 2) {
      throw new IllegalArgumentException("too many words in \"" + text + "\"");
    }
    return new Masquerade(
        new InterfaceName(words[0]),
        words.length > 1 ? Optional.of(Prefix.parse(words[1])) : Optional.empty());
  }

  /** As it is read. */
  @Override
  public String toString() {
    return out + source.map(prefix -> " " + prefix).orElse("");
  }
}
