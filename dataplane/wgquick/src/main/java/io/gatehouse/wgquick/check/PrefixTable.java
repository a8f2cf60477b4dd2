// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.Prefix;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Prefixes with something to each, and the longest one that an address is in. A look-up costs one
 * step for each length that occurs.
 */
final class PrefixTable<T> {
  /** What is found. */
  record Match<T>(Prefix prefix, T value) {}

  private final Map<Prefix, T> values = new HashMap<>();
  private final TreeSet<Integer> lengths = new TreeSet<>();

  /** A later value takes the place of an earlier one, as with allowed IPs. */
  void put(Prefix prefix, T value) {
    values.put(prefix.masked(), value);
    lengths.add(prefix.length());
  }

  Optional<Match<T>> longest(InetAddress address) {
    int bits = 8 * address.getAddress().length;
    for (int length : lengths.descendingSet()) {
      if (length <= bits) {
        Prefix prefix = new Prefix(address, length).masked();
        T value = values.get(prefix);
        if (value != null) {
          return Optional.of(new Match<>(prefix, value));
        }
      }
    }
    return Optional.empty();
  }
}
