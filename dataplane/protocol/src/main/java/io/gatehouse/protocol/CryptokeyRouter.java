// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.Prefix;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cryptokey routing (paper, section 2): which peer an inner address belongs to, by longest match
 * over the allowed IPs of all peers. Immutable, for any thread; lookups allocate nothing.
 *
 * <p>One path-compressed binary trie per family, in primitive arrays. An IPv4 address stands in the
 * upper 32 bits of a 128-bit key.
 */
public final class CryptokeyRouter {
  /** Knows no address. */
  public static final CryptokeyRouter EMPTY = of(Map.of());

  private final Trie four;
  private final Trie six;

  private CryptokeyRouter(Trie four, Trie six) {
    this.four = four;
    this.six = six;
  }

  /** Builds the tables of these prefixes, host bits ignored. */
  static CryptokeyRouter of(Map<Prefix, Peer> allowedIps) {
    Trie four = new Trie();
    Trie six = new Trie();
    allowedIps.forEach(
        (prefix, peer) -> {
          ByteBuffer octets = ByteBuffer.wrap(prefix.address().getAddress());
          if (prefix.isIpv6()) {
            six.insert(octets.getLong(), octets.getLong(), prefix.length(), peer);
          } else {
            four.insert((long) octets.getInt() << 32, 0, prefix.length(), peer);
          }
        });
    return new CryptokeyRouter(four.trimmed(), six.trimmed());
  }

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

  /** Node 0 is the root, of length 0; child 0 means none, since nothing leads back to the root. */
  private static final class Trie {
    private int size = 1;

    /** Two words a node: the prefix's bits, zero behind its length. */
    private long[] keys = new long[2];

    private byte[] lengths = new byte[1];

    /** Two a node: where the bit behind the prefix is 0 or 1. */
    private int[] children = new int[2];

    private @Nullable Peer[] peers = new Peer[1];

    @Nullable Peer lookup(long high, long low) {
      Peer best = peers[0];
      int node = children[(int) (high >>> 63)];
      while (node != 0) {
        int length = lengths[node] & 255;
        if (commonBits(high ^ keys[2 * node], low ^ keys[2 * node + 1]) < length) {
          break;
        }
        Peer peer = peers[node];
        if (peer != null) {
          best = peer;
        }
        if (length == 128) {
          break;
        }
        node = children[2 * node + bit(high, low, length)];
      }
      return best;
    }

    void insert(long high, long low, int length, Peer peer) {
      long keyHigh = length >= 64 ? high : length == 0 ? 0 : high & -1L << 64 - length;
      long keyLow = length <= 64 ? 0 : low & -1L << 128 - length;
      int node = 0;
      while ((lengths[node] & 255) < length) {
        int link = 2 * node + bit(keyHigh, keyLow, lengths[node] & 255);
        int child = children[link];
        if (child == 0) {
          // In two steps: making the leaf may replace the array.
          int leaf = leaf(keyHigh, keyLow, length, peer);
          children[link] = leaf;
          return;
        }
        int common = commonBits(keyHigh ^ keys[2 * child], keyLow ^ keys[2 * child + 1]);
        int shared = Math.min(common, length);
        if (shared < (lengths[child] & 255)) {
          // The child's path parts here: a node of the shared bits comes between.
          int between = leaf(keyHigh, keyLow, shared, shared == length ? peer : null);
          children[2 * between + bit(keys[2 * child], keys[2 * child + 1], shared)] = child;
          children[link] = between;
          if (shared < length) {
            int leaf = leaf(keyHigh, keyLow, length, peer);
            children[2 * between + bit(keyHigh, keyLow, shared)] = leaf;
          }
          return;
        }
        node = child;
      }
      peers[node] = peer;
    }

    private int leaf(long high, long low, int length, @Nullable Peer peer) {
      if (size == lengths.length) {
        resize(2 * size);
      }
      keys[2 * size] = length >= 64 ? high : length == 0 ? 0 : high & -1L << 64 - length;
      keys[2 * size + 1] = length <= 64 ? 0 : low & -1L << 128 - length;
      lengths[size] = (byte) length;
      peers[size] = peer;
      return size++;
    }

    Trie trimmed() {
      resize(size);
      return this;
    }

    private void resize(int nodes) {
      keys = Arrays.copyOf(keys, 2 * nodes);
      lengths = Arrays.copyOf(lengths, nodes);
      children = Arrays.copyOf(children, 2 * nodes);
      peers = Arrays.copyOf(peers, nodes);
    }

    private static int commonBits(long highDifference, long lowDifference) {
      return highDifference != 0
          ? Long.numberOfLeadingZeros(highDifference)
          : 64 + Long.numberOfLeadingZeros(lowDifference);
    }

    private static int bit(long high, long low, int index) {
      return (int) ((index < 64 ? high >>> 63 - index : low >>> 127 - index) & 1);
    }
  }
}
