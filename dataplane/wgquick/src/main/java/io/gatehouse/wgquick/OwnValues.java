// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a section says by keys of our own. Immutable. */
public final class OwnValues {
  /** Nothing is said. */
  public static final OwnValues NONE = new OwnValues(Map.of());

  private final Map<OwnKey<?>, Object> values;

  private OwnValues(Map<OwnKey<?>, Object> values) {
    this.values = Map.copyOf(values);
  }

  /** The value of a key. */
  @SuppressWarnings("unchecked") // with() is the only way in, and takes a key's own type.
  public <T> Optional<T> get(OwnKey<T> key) {
    return Optional.ofNullable((T) values.get(key));
  }

  /** The same with one more value; one that is there already is joined with it. */
  public <T> OwnValues with(OwnKey<T> key, T value) {
    Map<OwnKey<?>, Object> more = new HashMap<>(values);
    more.put(key, get(key).map(first -> key.merge(first, value)).orElse(value));
    return new OwnValues(more);
  }

  /** What the later values say counts; what they leave out stays. */
  OwnValues overruledBy(OwnValues later) {
    Map<OwnKey<?>, Object> both = new HashMap<>(values);
    both.putAll(later.values);
    return new OwnValues(both);
  }

  /** Whether nothing is said. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OwnValues own && values.equals(own.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
