// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Between the tunnel and which interfaces packets are forwarded: {@code on} for all of them, or
 * names parted by commas.
 *
 * @param everywhere between all
 * @param interfaces those that are named, without repeats
 */
public record Forwarding(boolean everywhere, List<InterfaceName> interfaces) {
  private static final String ON = "on";

  /** Copies the list. */
  public Forwarding {
    interfaces = List.copyOf(interfaces);
  }

  /**
   * Reads one line.
   *
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public static Forwarding parse(String text) {
    boolean everywhere = false;
    Set<InterfaceName> names = new LinkedHashSet<>();
    for (String word : text.split(",", -1)) {
      String name = word.strip();
      if (name.equalsIgnoreCase("off")) {
        throw new IllegalArgumentException("it is off where the line is not there");
      }
      if (name.equalsIgnoreCase(ON)) {
        everywhere = true;
      } else {
        names.add(new InterfaceName(name));
      }
    }
    return new Forwarding(everywhere, List.copyOf(names));
  }

  /** What either says. */
  Forwarding and(Forwarding more) {
    Set<InterfaceName> names = new LinkedHashSet<>(interfaces);
    names.addAll(more.interfaces);
    return new Forwarding(everywhere || more.everywhere, List.copyOf(names));
  }

  /** As it is read. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (everywhere) {
      words.add(ON);
    }
    interfaces.forEach(name -> words.add(name.value()));
    return String.join(", ", words);
  }
}
