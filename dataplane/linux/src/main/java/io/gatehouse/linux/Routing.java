// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Where a machine sends packets: questions that change nothing. Thread-safe. */
public interface Routing extends AutoCloseable {
  /** The interface of that number, if there is one. */
  Optional<Link> linkByIndex(int ifIndex) throws LinuxException;

  /** The rules of one family in the order in which they are asked. */
  List<PolicyRule> listRules(boolean ipv6) throws LinuxException;

  /**
   * Asks which route a packet would take now.
   *
   * @param source of the packet; empty lets the machine choose
   * @param arrivingBy number of the interface that it came in by, 0 for one of its own
   * @param mark fwmark of the packet, 0 for none
   * @throws LinuxException ENETUNREACH and its like when it would go nowhere, EINVAL or EXDEV when
   *     the machine would not take it from that source
   */
  MatchedRoute matchRoute(
      InetAddress destination, Optional<InetAddress> source, int arrivingBy, int mark)
      throws LinuxException;

  /** Ends the questions. */
  @Override
  void close();
}
