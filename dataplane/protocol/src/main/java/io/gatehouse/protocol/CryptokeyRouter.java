// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cryptokey routing (paper, section 2): which peer an inner address belongs to, by longest match
 * over the allowed IPs of all peers.
 *
 * <p>One path-compressed binary trie per family, changed in place by the control thread while any
 * thread looks up. A change is one link or one owner stored, so a lookup that meets it finds what
 * was there before or after; a node that was taken out keeps its links, so who stands on it finds
 * the way on. Lookups allocate nothing and take no lock. A change costs the depth of the trie,
 * however many prefixes there are, and the trie is also each peer's list of allowed IPs.
 */
public final class CryptokeyRouter {
  private final Node four = new Node(0, 0, 0, false);
  private final Node six = new Node(0, 0, 0, true);

  CryptokeyRouter() {}

  /**
   * The peer of an IPv4 address.
   *
   * @param address the four octets, big endian
   * @return null if no allowed IP covers it
   */
  public @Nullable Peer lookup4(int address) {
    return four.lookup((long) address << 32, 0);
  }

  /**
   * The peer of an IPv6 address.
   *
   * @param high octets 0-7, big endian
   * @param low octets 8-15, big endian
   * @return null if no allowed IP covers it
   */
  public @Nullable Peer lookup(long high, long low) {
    return six.lookup(high, low);
  }

  // ---- control thread

  /** Gives a prefix, host bits ignored, to a peer. It exists once, so it may leave another. */
  void give(Prefix prefix, PeerControl to) {
    Node wanted = Node.of(prefix);
    Node node = root(wanted);
    while (node.length < wanted.length) {
      Node child = node.towards(wanted);
      if (child == null) {
        wanted.owner(to);
        node.link(wanted);
        return;
      }
      int shared = Math.min(wanted.length, child.commonBits(wanted.high, wanted.low));
      if (shared < child.length) {
        // The child's path parts here: a node of the shared bits comes between.
        Node between = shared == wanted.length ? wanted : wanted.shortened(shared);
        between.link(child);
        if (between != wanted) {
          between.link(wanted);
        }
        wanted.owner(to);
        node.link(between);
        return;
      }
      node = child;
    }
    node.owner(to);
  }

  /** Takes a prefix, host bits ignored, from a peer; does nothing when it is another's. */
  void take(Prefix prefix, PeerControl from) {
    take(Node.of(prefix), from);
  }

  /** Takes everything from a peer. */
  void takeAll(PeerControl from) {
    for (Node node = from.firstAllowed(); node != null; node = from.firstAllowed()) {
      take(node, from);
    }
  }

  private void take(Node wanted, PeerControl from) {
    Node beforeParent = null;
    Node parent = null;
    Node node = root(wanted);
    while (node != null && node.length < wanted.length) {
      beforeParent = parent;
      parent = node;
      node = node.towards(wanted);
    }
    if (node == null || !node.isSame(wanted) || node.owner != from.peer()) {
      return;
    }
    node.owner(null);
    if (parent != null) {
      node.bypass(parent);
      if (beforeParent != null) {
        // It may have parted two ways of which one is left.
        parent.bypass(beforeParent);
      }
    }
  }

  /** Whether exactly this prefix, host bits ignored, is the peer's. */
  boolean has(Prefix prefix, PeerControl owner) {
    Node wanted = Node.of(prefix);
    Node node = root(wanted);
    while (node != null && node.length < wanted.length) {
      node = node.towards(wanted);
    }
    return node != null && node.isSame(wanted) && node.owner == owner.peer();
  }

  /** The allowed IPs of a peer, in no order. */
  static List<Prefix> allowedIps(PeerControl owner) {
    List<Prefix> prefixes = new ArrayList<>(1);
    for (Node node = owner.firstAllowed(); node != null; node = node.next) {
      prefixes.add(node.prefix());
    }
    return prefixes;
  }

  /** How many nodes there are besides the roots, for tests. */
  int size() {
    return four.size() + six.size() - 2;
  }

  private Node root(Node wanted) {
    return wanted.ipv6 ? six : four;
  }

  /** A prefix; without an owner the place where two ways part. */
  static final class Node {
    /** The bits of the prefix, zero behind its length. An IPv4 address is in the upper 32. */
    private final long high;

    private final long low;
    private final short length;
    private final boolean ipv6;

    private volatile @Nullable Peer owner;

    /** The longer prefixes in which the bit behind this one is 0. */
    private volatile @Nullable Node zeros;

    /** The longer prefixes in which the bit behind this one is 1. */
    private volatile @Nullable Node ones;

    // Control thread: the owner's other prefixes.
    private @Nullable Node next;
    private @Nullable Node previous;

    private Node(long high, long low, int length, boolean ipv6) {
      this.high = length >= 64 ? high : length == 0 ? 0 : high & -1L << 64 - length;
      this.low = length <= 64 ? 0 : low & -1L << 128 - length;
      this.length = (short) length;
      this.ipv6 = ipv6;
    }

    static Node of(Prefix prefix) {
      ByteBuffer octets = ByteBuffer.wrap(prefix.address().getAddress());
      return octets.remaining() == 4
          ? new Node((long) octets.getInt() << 32, 0, prefix.length(), false)
          : new Node(octets.getLong(), octets.getLong(), prefix.length(), true);
    }

    Node shortened(int shorter) {
      return new Node(high, low, shorter, ipv6);
    }

    Prefix prefix() {
      byte[] octets =
          ipv6
              ? ByteBuffer.allocate(16).putLong(high).putLong(low).array()
              : ByteBuffer.allocate(4).putInt((int) (high >>> 32)).array();
      return new Prefix(IpLiteral.address(octets), length);
    }

    @Nullable Peer lookup(long high, long low) {
      Peer best = null;
      Node node = this;
      while (node != null && node.commonBits(high, low) >= node.length) {
        Peer peer = node.owner;
        if (peer != null) {
          best = peer;
        }
        if (node.length == 128) {
          break;
        }
        node = bit(high, low, node.length) == 0 ? node.zeros : node.ones;
      }
      return best;
    }

    private int commonBits(long otherHigh, long otherLow) {
      long difference = high ^ otherHigh;
      return difference != 0
          ? Long.numberOfLeadingZeros(difference)
          : 64 + Long.numberOfLeadingZeros(low ^ otherLow);
    }

    private static int bit(long high, long low, int index) {
      return (int) ((index < 64 ? high >>> 63 - index : low >>> 127 - index) & 1);
    }

    private boolean isSame(Node other) {
      return high == other.high && low == other.low && length == other.length;
    }

    /** The child on the way to a longer prefix. */
    private @Nullable Node towards(Node longer) {
      return bit(longer.high, longer.low, length) == 0 ? zeros : ones;
    }

    /** Makes a longer prefix the child on its way. */
    private void link(Node longer) {
      link(longer, longer);
    }

    private void link(Node way, @Nullable Node child) {
      if (bit(way.high, way.low, length) == 0) {
        zeros = child;
      } else {
        ones = child;
      }
    }

    /** Leaves this out of the trie if no way parts here and it is nobody's. */
    private void bypass(Node parent) {
      if (owner == null && (zeros == null || ones == null)) {
        parent.link(this, zeros == null ? ones : zeros);
      }
    }

    /** Moves from one peer's list to another's. */
    private void owner(@Nullable PeerControl to) {
      Peer before = owner;
      if (before != null) {
        if (to != null && before == to.peer()) {
          return;
        }
        unlink(before.control());
      }
      if (to == null) {
        owner = null;
        return;
      }
      owner = to.peer();
      next = to.firstAllowed();
      if (next != null) {
        next.previous = this;
      }
      to.firstAllowed(this);
    }

    private void unlink(PeerControl from) {
      if (previous == null) {
        from.firstAllowed(next);
      } else {
        previous.next = next;
      }
      if (next != null) {
        next.previous = previous;
      }
      next = null;
      previous = null;
    }

    private int size() {
      Node left = zeros;
      Node right = ones;
      return 1 + (left == null ? 0 : left.size()) + (right == null ? 0 : right.size());
    }
  }
}
