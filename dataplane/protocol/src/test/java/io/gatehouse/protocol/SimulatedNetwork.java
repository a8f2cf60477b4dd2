// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * Datagrams between hosts with 10 ms of delay, on a clock that is wound by hand. It starts a minute
 * before the signed 64-bit nanoseconds wrap, so that every comparison by order would show.
 */
final class SimulatedNetwork {
  static final long SECOND = 1_000_000_000L;
  private static final long START = Long.MAX_VALUE - 60 * SECOND;
  private static final long DELAY = 10_000_000L;

  /** A datagram on its way. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Datagram(long arrival, long number, SimulatedHost from, byte[] octets, Endpoint to) {
    int type() {
      return octets[0];
    }
  }

  /** Which datagrams get lost. */
  Predicate<Datagram> loss = datagram -> false;

  private final List<SimulatedHost> hosts = new ArrayList<>();
  private final PriorityQueue<Datagram> underWay =
      new PriorityQueue<>(
          Comparator.<Datagram>comparingLong(Datagram::arrival)
              .thenComparingLong(Datagram::number));
  private long elapsed;
  private long number;

  long now() {
    return START + elapsed;
  }

  long elapsed() {
    return elapsed;
  }

  void add(SimulatedHost host) {
    hosts.add(host);
  }

  void send(SimulatedHost from, byte[] octets, Endpoint to) {
    Datagram datagram = new Datagram(elapsed + DELAY, number++, from, octets, to);
    if (!loss.test(datagram)) {
      underWay.add(datagram);
    }
  }

  /** Lets time go by. */
  void pass(double seconds) {
    long end = elapsed + (long) (seconds * SECOND);
    while (true) {
      long next = end;
      for (SimulatedHost host : hosts) {
        long deadline = host.advance();
        if (deadline != Long.MAX_VALUE) {
          next = Math.min(next, elapsed + Math.max(0, deadline - now()));
        }
      }
      Datagram first = underWay.peek();
      if (first != null) {
        next = Math.min(next, first.arrival());
      }
      elapsed = next;
      while (!underWay.isEmpty() && underWay.peek().arrival() <= elapsed) {
        Datagram datagram = underWay.remove();
        for (SimulatedHost host : hosts) {
          if (host.address.equals(datagram.to())) {
            host.deliver(datagram.octets(), datagram.from().address);
          }
        }
        elapsed++;
      }
      if (elapsed >= end) {
        hosts.forEach(SimulatedHost::advance);
        return;
      }
    }
  }
}
