// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a file says about a peer in comments, where wg-quick has no key for it.
 *
 * @param name from {@code # friendly_name = x} or the other dialects
 * @param disabled whether the section is switched off, so that the peer is not applied
 * @param own what is said by keys of our own
 */
public record PeerMetadata(Optional<String> name, boolean disabled, OwnValues own) {
  /** Nothing is said. */
  public static final PeerMetadata NONE = new PeerMetadata(Optional.empty(), false, OwnValues.NONE);

  /** Only a name, if any. */
  public static PeerMetadata named(Optional<String> name) {
    return enabled(name, OwnValues.NONE);
  }

  /** That of an enabled peer; most of a hundred thousand share {@link #NONE}. */
  static PeerMetadata enabled(Optional<String> name, OwnValues own) {
    return name.isEmpty() && own.isEmpty() ? NONE : new PeerMetadata(name, false, own);
  }

  /** From when on the peer is to be treated as if it were disabled. */
  public Optional<Instant> expires() {
    return own.get(OwnKey.EXPIRES);
  }

  /** Whether that is so at a moment. */
  public boolean isExpired(Instant moment) {
    return expires().filter(end -> !moment.isBefore(end)).isPresent();
  }

  /** How much it may send and receive. */
  public Optional<Quota> quota() {
    return own.get(OwnKey.QUOTA);
  }

  /** Words to find and group it by, in file order, without repeats. */
  public List<String> tags() {
    return own.get(OwnKey.TAGS).orElse(List.of());
  }

  /** What a person has to say. */
  public Optional<String> note() {
    return own.get(OwnKey.NOTE);
  }

  /** All that it may reach; everything if there is none. */
  public List<AccessRule> allow() {
    return own.get(OwnKey.ALLOW).orElse(List.of());
  }

  /** What it may not reach, whatever else is allowed. */
  public List<AccessRule> deny() {
    return own.get(OwnKey.DENY).orElse(List.of());
  }

  /** What the later section of the same peer says counts; what it leaves out stays. */
  PeerMetadata overruledBy(PeerMetadata later) {
    return new PeerMetadata(later.name.or(() -> name), disabled, own.overruledBy(later.own));
  }
}
