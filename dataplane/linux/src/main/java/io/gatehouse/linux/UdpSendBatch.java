// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Queues runs of datagrams and sends them by as few sendmmsg(2) as possible. A run is one or more
 * datagrams of one length (the last may be shorter), contiguous in memory, for one peer; it leaves
 * by one UDP_SEGMENT message, or datagram by datagram where that is off or refused.
 *
 * <p>For one thread. Nothing is copied: the memory of a run belongs to this batch from {@link #add}
 * until {@link #flush} returns. Allocates nothing after its making.
 */
public final class UdpSendBatch {
  /** Most datagrams in a run (UDP_MAX_SEGMENTS of the oldest kernels that have it). */
  public static final int MAX_SEGMENTS = 64;

  /** Most octets in a run: 65535 less the IPv6 and UDP headers. */
  public static final int MAX_RUN_LENGTH = 65535 - 40 - 8;

  private static final int HEADER = 64; // struct mmsghdr
  private static final int VECTOR = 16; // struct iovec
  private static final int NAME = 32; // room for struct sockaddr_in6
  private static final int CONTROL = 96; // pktinfo 40, traffic class 24, segment 24
  private static final int SENT = 0;
  private static final long SEND_WAIT_NANOS = 1_000_000_000;

  private static final ValueLayout.OfShort NET_SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt NET_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong NET_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final int capacity;
  private final int slots;
  private final MemorySegment control;
  private final long vectorsAt;
  private final long namesAt;
  private final long controlsAt;
  private final MemorySegment wait = Arena.ofAuto().allocate(24, 8); // pollfd, timespec

  private final long[] addresses;
  private final int[] lengths;
  private final int[] segmentLengths;
  private final long[] addressHigh;
  private final long[] addressLow;
  private final int[] ports;
  private final int[] scopeIds;
  private final long[] sourceHigh;
  private final long[] sourceLow;
  private final int[] sourceIfIndexes;
  private final int[] trafficClasses;
  private final int[] errors;
  private final int[] unsent;
  private final int[] slotRuns;
  private int count;
  private int failedIndex = -1;
  private long fallbacks;

  /**
   * Room for so many runs.
   *
   * @param messages at most 1024
   */
  public UdpSendBatch(int messages) {
    capacity = messages;
    slots = Math.max(messages, MAX_SEGMENTS);
    vectorsAt = (long) slots * HEADER;
    namesAt = vectorsAt + (long) slots * VECTOR;
    controlsAt = namesAt + (long) slots * NAME;
    control = Arena.ofAuto().allocate(controlsAt + (long) slots * CONTROL, 64);
    for (int slot = 0; slot < slots; slot++) {
      long header = (long) slot * HEADER;
      control.set(ValueLayout.JAVA_LONG, header, control.address() + namesAt + (long) slot * NAME);
      control.set(
          ValueLayout.JAVA_LONG, header + 16, control.address() + vectorsAt + (long) slot * VECTOR);
      control.set(ValueLayout.JAVA_LONG, header + 24, 1);
      control.set(
          ValueLayout.JAVA_LONG,
          header + 32,
          control.address() + controlsAt + (long) slot * CONTROL);
    }
    addresses = new long[messages];
    lengths = new int[messages];
    segmentLengths = new int[messages];
    addressHigh = new long[messages];
    addressLow = new long[messages];
    ports = new int[messages];
    scopeIds = new int[messages];
    sourceHigh = new long[messages];
    sourceLow = new long[messages];
    sourceIfIndexes = new int[messages];
    trafficClasses = new int[messages];
    errors = new int[messages];
    unsent = new int[messages];
    slotRuns = new int[slots];
  }

  /** Whether the queue must be flushed before the next {@link #add}. */
  public boolean isFull() {
    return count == capacity;
  }

  /** Runs queued. */
  public int count() {
    return count;
  }

  /**
   * Queues a run.
   *
   * @param memory native memory that stays reachable and unchanged until {@link #flush} returns
   * @param offset where the first datagram starts
   * @param length octets in all, 1 to {@link #MAX_RUN_LENGTH}
   * @param segmentLength octets of each datagram but the last; the same as {@code length} for one
   *     datagram. At most {@link #MAX_SEGMENTS} datagrams.
   * @param addressHigh octets 0-7 of the remote address, big endian; IPv4 as IPv4-mapped IPv6
   * @param addressLow octets 8-15 of it
   * @param port remote port
   * @param scopeId zone of a link-local remote address, else 0
   * @param sourceHigh octets 0-7 of the local address to send from, of the remote's family; both
   *     halves 0 let the system choose
   * @param sourceLow octets 8-15 of it
   * @param sourceIfIndex interface to send by when a source is given; 0 leaves that to routing
   * @param trafficClass TOS or traffic class octet
   */
  public void add(
      MemorySegment memory,
      long offset,
      int length,
      int segmentLength,
      long addressHigh,
      long addressLow,
      int port,
      int scopeId,
      long sourceHigh,
      long sourceLow,
      int sourceIfIndex,
      int trafficClass) {
    Objects.checkFromIndexSize(offset, length, memory.byteSize());
    if (length > MAX_RUN_LENGTH
        || segmentLength <= 0
        || length > (long) segmentLength * MAX_SEGMENTS) {
      throw new IllegalArgumentException(
          "a run of " + length + " octets in datagrams of " + segmentLength + " cannot be sent");
    }
    int run = Objects.checkIndex(count, capacity);
    addresses[run] = memory.address() + offset;
    lengths[run] = length;
    segmentLengths[run] = segmentLength;
    this.addressHigh[run] = addressHigh;
    this.addressLow[run] = addressLow;
    ports[run] = port;
    scopeIds[run] = scopeId;
    this.sourceHigh[run] = sourceHigh;
    this.sourceLow[run] = sourceLow;
    sourceIfIndexes[run] = sourceIfIndex;
    trafficClasses[run] = trafficClass;
    errors[run] = SENT;
    unsent[run] = 0;
    count = run + 1;
  }

  /**
   * Queues a run of the last {@link #flush} once more, its source left to the system: for when the
   * one it had is gone. Its memory must still be as it was. To be asked for in rising order, before
   * any {@link #add}; what {@link #error} and {@link #unsent} tell of the runs up to this one is
   * lost.
   */
  public void againWithoutSource(int i) {
    Objects.checkIndex(count, i + 1);
    int run = count++;
    addresses[run] = addresses[i];
    lengths[run] = lengths[i];
    segmentLengths[run] = segmentLengths[i];
    addressHigh[run] = addressHigh[i];
    addressLow[run] = addressLow[i];
    ports[run] = ports[i];
    scopeIds[run] = scopeIds[i];
    sourceHigh[run] = 0;
    sourceLow[run] = 0;
    sourceIfIndexes[run] = 0;
    trafficClasses[run] = trafficClasses[i];
    errors[run] = SENT;
    unsent[run] = 0;
  }

  /**
   * Sends all that is queued and empties the queue. A run that fails does not stop the ones behind
   * it. Waits at most a second for room in the socket's send buffer; what then finds none fails
   * with EAGAIN.
   *
   * <p>A run that the kernel refuses as a UDP_SEGMENT message (EIO: an interface that cannot;
   * EINVAL, EMSGSIZE: its datagrams must be fragmented) is sent again datagram by datagram; on EIO
   * the socket's GSO goes off for good.
   *
   * @return runs sent when all were, else -errno of the first that failed; see {@link #failedIndex}
   *     and {@link #error}
   */
  public int flush(UdpSocket socket) {
    int runs = count;
    count = 0;
    failedIndex = -1;
    int filled = 0;
    boolean gso = socket.gso();
    for (int run = 0; run < runs; run++) {
      if (gso || lengths[run] <= segmentLengths[run]) {
        if (filled == slots) {
          send(socket, filled);
          filled = 0;
        }
        fill(filled++, run, 0, lengths[run], socket.ipv6());
      } else {
        filled = fillSingly(socket, run, filled);
      }
    }
    send(socket, filled);
    if (failedIndex >= 0) {
      return -errors[failedIndex];
    }
    return runs;
  }

  /** Fills a slot for each datagram of a run, sending whenever the slots are used up. */
  private int fillSingly(UdpSocket socket, int run, int filled) {
    int length = lengths[run];
    int segment = segmentLengths[run];
    for (int at = 0; at < length; at += segment) {
      if (filled == slots) {
        send(socket, filled);
        filled = 0;
      }
      fill(filled++, run, at, Math.min(segment, length - at), socket.ipv6());
    }
    return filled;
  }

  private void fill(int slot, int run, int at, int length, boolean ipv6) {
    slotRuns[slot] = run;
    long vector = vectorsAt + (long) slot * VECTOR;
    control.set(ValueLayout.JAVA_LONG, vector, addresses[run] + at);
    control.set(ValueLayout.JAVA_LONG, vector + 8, length);

    boolean ipv4 = addressHigh[run] == 0 && addressLow[run] >>> 32 == 0xffff;
    long header = (long) slot * HEADER;
    long name = namesAt + (long) slot * NAME;
    control.set(NET_SHORT, name + 2, (short) ports[run]);
    if (ipv6 || !ipv4) {
      control.set(ValueLayout.JAVA_SHORT, name, (short) SocketCalls.AF_INET6);
      control.set(ValueLayout.JAVA_INT, name + 4, 0);
      control.set(NET_LONG, name + 8, addressHigh[run]);
      control.set(NET_LONG, name + 16, addressLow[run]);
      control.set(ValueLayout.JAVA_INT, name + 24, scopeIds[run]);
      control.set(ValueLayout.JAVA_INT, header + 8, 28);
    } else {
      control.set(ValueLayout.JAVA_SHORT, name, (short) SocketCalls.AF_INET);
      control.set(NET_INT, name + 4, (int) addressLow[run]);
      control.set(ValueLayout.JAVA_INT, header + 8, 16);
    }

    long start = controlsAt + (long) slot * CONTROL;
    long end = start;
    if ((sourceHigh[run] | sourceLow[run]) != 0) {
      if (ipv4) {
        // struct in_pktinfo: int ifindex, spec_dst (the source), addr (unused)
        end = controlHeader(end, SocketCalls.SOL_IP, UdpSocket.IP_PKTINFO, 12);
        control.set(ValueLayout.JAVA_INT, end - 16, sourceIfIndexes[run]);
        control.set(NET_INT, end - 12, (int) sourceLow[run]);
        control.set(ValueLayout.JAVA_INT, end - 8, 0);
      } else {
        end = controlHeader(end, SocketCalls.SOL_IPV6, UdpSocket.IPV6_PKTINFO, 20);
        control.set(NET_LONG, end - 24, sourceHigh[run]);
        control.set(NET_LONG, end - 16, sourceLow[run]);
        control.set(ValueLayout.JAVA_INT, end - 8, sourceIfIndexes[run]);
      }
    }
    if (trafficClasses[run] != 0) {
      end =
          ipv4
              ? controlHeader(end, SocketCalls.SOL_IP, UdpSocket.IP_TOS, 4)
              : controlHeader(end, SocketCalls.SOL_IPV6, UdpSocket.IPV6_TCLASS, 4);
      control.set(ValueLayout.JAVA_INT, end - 8, trafficClasses[run]);
    }
    if (length > segmentLengths[run]) {
      end = controlHeader(end, SocketCalls.SOL_UDP, UdpSocket.UDP_SEGMENT, 2);
      control.set(ValueLayout.JAVA_SHORT, end - 8, (short) segmentLengths[run]);
    }
    control.set(ValueLayout.JAVA_LONG, header + 40, end - start);
  }

  /** Writes a struct cmsghdr; where the next one goes, so the data is at that less its room. */
  private long controlHeader(long at, int level, int type, int size) {
    control.set(ValueLayout.JAVA_LONG, at, 16L + size);
    control.set(ValueLayout.JAVA_INT, at + 8, level);
    control.set(ValueLayout.JAVA_INT, at + 12, type);
    return at + 16 + ((size + 7) & -8);
  }

  /** Sends the first slots. */
  private void send(UdpSocket socket, int filled) {
    int sent = 0;
    while (sent < filled) {
      int result =
          SocketCalls.sendmmsg(
              socket.fd(), control.address() + (long) sent * HEADER, filled - sent, 0);
      if (result > 0) {
        sent += result;
        continue;
      }
      int errno = result == 0 ? Errno.EIO : Native.getLastError();
      if (errno == Errno.EINTR || errno == Errno.EAGAIN && awaitRoom(socket)) {
        continue;
      }
      int run = slotRuns[sent];
      if (isSegmented(sent)
          && (errno == Errno.EIO || errno == Errno.EINVAL || errno == Errno.EMSGSIZE)) {
        sendSingly(socket, sent, errno);
      } else {
        fail(run, errno, isSegmented(sent) ? datagrams(lengths[run], run) : 1);
      }
      sent++;
    }
  }

  private boolean isSegmented(int slot) {
    return control.get(ValueLayout.JAVA_LONG, vectorsAt + (long) slot * VECTOR + 8)
        > segmentLengths[slotRuns[slot]];
  }

  /** Sends the run of a slot datagram by datagram, using that slot again and again. */
  private void sendSingly(UdpSocket socket, int slot, int cause) {
    int run = slotRuns[slot];
    int length = lengths[run];
    int segment = segmentLengths[run];
    for (int at = 0; at < length; at += segment) {
      fill(slot, run, at, Math.min(segment, length - at), socket.ipv6());
      int result;
      int errno;
      do {
        result = SocketCalls.sendmmsg(socket.fd(), control.address() + (long) slot * HEADER, 1, 0);
        errno = result == 1 ? 0 : Native.getLastError();
      } while (errno == Errno.EINTR || errno == Errno.EAGAIN && awaitRoom(socket));
      if (errno != 0) {
        // Segmentation was not what the kernel disliked.
        fail(run, errno, datagrams(length - at, run));
        return;
      }
    }
    fallbacks++;
    if (cause == Errno.EIO) {
      socket.disableGso();
    }
  }

  private int datagrams(int length, int run) {
    return (length + segmentLengths[run] - 1) / segmentLengths[run];
  }

  private void fail(int run, int errno, int datagrams) {
    errors[run] = errno;
    unsent[run] += datagrams;
    if (failedIndex < 0 || run < failedIndex) {
      failedIndex = run;
    }
  }

  /** Waits for room in the send buffer; false when a second brought none. */
  private boolean awaitRoom(UdpSocket socket) {
    wait.set(ValueLayout.JAVA_INT, 0, socket.fd());
    wait.set(ValueLayout.JAVA_SHORT, 4, LibC.POLLOUT);
    wait.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
    wait.set(ValueLayout.JAVA_LONG, 8, SEND_WAIT_NANOS / 1_000_000_000);
    wait.set(ValueLayout.JAVA_LONG, 16, SEND_WAIT_NANOS % 1_000_000_000);
    int ready = LibC.ppoll(wait.address(), 1, wait.address() + 8, 0);
    return ready > 0 || ready < 0 && Native.getLastError() == Errno.EINTR;
  }

  /** Index of the first run of the last {@link #flush} that failed, -1 when none did. */
  public int failedIndex() {
    return failedIndex;
  }

  /** What became of run i of the last {@link #flush}: 0 when sent, else errno. */
  public int error(int i) {
    return errors[i];
  }

  /** How many datagrams of run i of the last {@link #flush} were not sent. */
  public int unsent(int i) {
    return unsent[i];
  }

  /** Runs so far that were refused as one message and then sent datagram by datagram. */
  public long fallbacks() {
    return fallbacks;
  }
}
