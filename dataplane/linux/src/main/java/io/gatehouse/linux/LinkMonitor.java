// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Hears what changes in one network namespace, from whatever program: rtnetlink(7) notifications.
 * For one thread, except {@link #fd}.
 */
public final class LinkMonitor implements AutoCloseable {
  /** What to hear of. */
  public enum Topic {
    /** Interfaces made, changed, removed. */
    LINK(1),
    /** Addresses of interfaces, IPv4 and IPv6. */
    ADDRESS(0x10 | 0x100),
    /** Routes, IPv4 and IPv6. */
    ROUTE(0x40 | 0x400),
    /** Rules of policy routing, IPv4 and IPv6. */
    RULE(0x80 | 0x40000);

    private final int groups;

    Topic(int groups) {
      this.groups = groups;
    }
  }

  /** Something that changed. */
  public sealed interface Event {
    /** An interface is new or has changed; the whole of its present state. */
    record LinkChanged(Link link) implements Event {}

    /** An interface was removed or has left the namespace. */
    record LinkRemoved(Link link) implements Event {}

    /** An address came or went. */
    record AddressesChanged(int ifIndex) implements Event {}

    /**
     * A route came or went.
     *
     * @param ifIndex where it leads, 0 when to no interface or to several
     * @param isDefault whether it is for all addresses of its family
     */
    record RoutesChanged(int ifIndex, boolean isDefault) implements Event {}

    /** A rule came or went. */
    record RulesChanged() implements Event {}

    /** Events came too fast and some were lost: read the state anew. */
    record Lost() implements Event {}
  }

  private static final int AF_UNSPEC = 0;

  private final NetlinkSocket socket;

  private LinkMonitor(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** For the calling thread's namespace; hears all that happens after this returns. */
  public static LinkMonitor open(Set<Topic> topics) throws LinuxException {
    int groups = 0;
    for (Topic topic : topics) {
      groups |= topic.groups;
    }
    return new LinkMonitor(NetlinkSocket.open(groups));
  }

  /** For another namespace. */
  public static LinkMonitor open(NetworkNamespace namespace, Set<Topic> topics)
      throws LinuxException {
    return namespace.callLinux(() -> open(topics));
  }

  /** The descriptor, readable when events wait. */
  public int fd() {
    return socket.fd();
  }

  /** The events that wait, oldest first; empty when none do. Never blocks. */
  public List<Event> read() throws LinuxException {
    List<Event> events = new ArrayList<>();
    boolean complete =
        socket.notifications(
            (type, body) -> {
              switch (type) {
                case Rtnetlink.RTM_NEWLINK, Rtnetlink.RTM_DELLINK -> {
                  // Bridges speak of their ports by the same message in a family of their own.
                  if (body.get(0) == AF_UNSPEC) {
                    Link link = Link.read(body);
                    events.add(
                        type == Rtnetlink.RTM_NEWLINK
                            ? new Event.LinkChanged(link)
                            : new Event.LinkRemoved(link));
                  }
                }
                case Rtnetlink.RTM_NEWADDR, Rtnetlink.RTM_DELADDR ->
                    events.add(new Event.AddressesChanged(body.getInt(4)));
                case Rtnetlink.RTM_NEWROUTE, Rtnetlink.RTM_DELROUTE ->
                    events.add(new Event.RoutesChanged(Rtnetlink.outputOf(body), body.get(1) == 0));
                case PolicyRules.RTM_NEWRULE, PolicyRules.RTM_DELRULE ->
                    events.add(new Event.RulesChanged());
                default -> {}
              }
            });
    if (!complete) {
      events.add(new Event.Lost());
    }
    return events;
  }

  /** Goes on with what another monitor hears, under the same descriptor number. */
  void becomes(LinkMonitor other) throws LinuxException {
    socket.becomes(other.socket);
  }

  /** Stops listening. */
  @Override
  public void close() {
    socket.close();
  }
}
