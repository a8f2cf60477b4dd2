// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a user may do, from least to most: each may all that those before it may. */
public enum Role {
  /** Sees everything but secrets, and changes only the own account. */
  VIEWER,
  /** Does the work of the day: peers, tunnels up and down, changes that must be confirmed. */
  OPERATOR,
  /** Everything. */
  ADMIN;

  /** Whether this one may what the other may. */
  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }

  /** The lesser of two. */
  Role atMost(Role other) {
    return includes(other) ? other : this;
  }

  /** The names of all roles that this one includes, as the container knows them. */
  Set<String> names() {
    return Arrays.stream(values())
        .filter(this::includes)
        .map(Enum::name)
        .collect(Collectors.toSet());
  }

  /** As files and the audit have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The other way round.
   *
   * @throws IllegalArgumentException if it is no role's word
   */
  static Role of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
