// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.live.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which peers are wanted, and in which order.
 *
 * @param text parts of names, keys, addresses, tags or notes, all of which a peer must have
 * @param tunnel only of this tunnel; empty for all
 * @param state only in this state; empty for all
 * @param order by what
 * @param descending whether the largest comes first
 */
record PeerQuery(
    String text, String tunnel, Optional<PeerState> state, Order order, boolean descending) {
  /** As the parameters of an address say it; what they do not say or say wrongly is everything. */
  static PeerQuery of(String text, String tunnel, String state, String order, String descending) {
    return new PeerQuery(
        text,
        tunnel,
        Arrays.stream(PeerState.values())
            .filter(each -> each.name().equalsIgnoreCase(state))
            .findFirst(),
        Order.of(order),
        descending.equals("true"));
  }

  /** A peer and where it belongs. */
  public record Row(TunnelStatus tunnel, PeerStatus peer) {
    /** The name of its cells. */
    public String subject() {
      return Subject.of(tunnel, peer).toString();
    }
  }

  /** What peers are sorted by. Its comparators are lambdas without a state. */
  @SuppressWarnings("ImmutableEnumChecker")
  enum Order {
    NAME(
        false,
        Comparator.comparing(
            row -> row.peer().name().isEmpty() ? row.peer().publicKey() : row.peer().name(),
            String.CASE_INSENSITIVE_ORDER)),
    TUNNEL(false, Comparator.comparing(row -> row.tunnel().name())),
    STATE(false, Comparator.comparing(row -> row.peer().state())),
    HANDSHAKE(true, Comparator.comparingLong(row -> row.peer().lastHandshake())),
    RECEIVED(true, Comparator.comparingLong(row -> row.peer().rxBytes())),
    SENT(true, Comparator.comparingLong(row -> row.peer().txBytes()));

    private final boolean largestFirst;
    private final Comparator<Row> comparator;

    Order(boolean largestFirst, Comparator<Row> comparator) {
      this.largestFirst = largestFirst;
      this.comparator = comparator;
    }

    /** Whether the largest comes first when people ask for this order. */
    boolean isLargestFirst() {
      return largestFirst;
    }

    static Order of(String name) {
      for (Order order : values()) {
        if (order.name().equalsIgnoreCase(name)) {
          return order;
        }
      }
      return NAME;
    }
  }

  /** All that match, in order. */
  List<Row> in(List<TunnelStatus> tunnels) {
    List<String> parts = List.of(text.toLowerCase(Locale.ROOT).strip().split("\\s+"));
    List<Row> rows = new ArrayList<>();
    for (TunnelStatus candidate : tunnels) {
      if (tunnel.isEmpty() || tunnel.equals(candidate.name())) {
        for (PeerStatus peer : candidate.peers()) {
          if ((state.isEmpty() || state.get() == peer.state()) && hasAll(peer, parts)) {
            rows.add(new Row(candidate, peer));
          }
        }
      }
    }
    Comparator<Row> by = descending ? order.comparator.reversed() : order.comparator;
    rows.sort(by.thenComparing(Order.NAME.comparator));
    return rows;
  }

  private static boolean hasAll(PeerStatus peer, List<String> parts) {
    return parts.stream().allMatch(part -> has(peer, part));
  }

  private static boolean has(PeerStatus peer, String part) {
    return holds(peer.name(), part)
        || holds(peer.publicKey(), part)
        || holds(peer.endpoint(), part)
        || holds(peer.note(), part)
        || peer.allowedIps().stream().anyMatch(prefix -> holds(prefix, part))
        || peer.tags().stream().anyMatch(tag -> holds(tag, part));
  }

  private static boolean holds(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part);
  }
}
