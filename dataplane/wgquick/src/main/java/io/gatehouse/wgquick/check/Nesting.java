// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Which prefixes lie in which, found by sorting. */
final class Nesting {
  /** An outer prefix comes right before those that are in it. */
  static final Comparator<Prefix> ORDER =
      Comparator.comparing(Prefix::isIpv6)
          .thenComparing(prefix -> prefix.address().getAddress(), Arrays::compareUnsigned)
          .thenComparingInt(Prefix::length);

  private Nesting() {}

  /**
   * Calls for each prefix that is in another one, with the nearest one around it that has another
   * value.
   *
   * @param found takes the outer value, then the inner one
   */
  static <T> void of(
      Map<Prefix, T> prefixes, BiConsumer<Map.Entry<Prefix, T>, Map.Entry<Prefix, T>> found) {
    Map<Prefix, T> sorted = new TreeMap<>(ORDER);
    prefixes.forEach((prefix, value) -> sorted.put(prefix.masked(), value));
    Deque<Map.Entry<Prefix, T>> around = new ArrayDeque<>();
    for (Map.Entry<Prefix, T> entry : List.copyOf(new ArrayList<>(sorted.entrySet()))) {
      while (!around.isEmpty() && !around.peek().getKey().contains(entry.getKey())) {
        around.pop();
      }
      for (Map.Entry<Prefix, T> outer : around) {
        if (!outer.getValue().equals(entry.getValue())) {
          found.accept(outer, entry);
          break;
        }
      }
      around.push(entry);
    }
  }
}
