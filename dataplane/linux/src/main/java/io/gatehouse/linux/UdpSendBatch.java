// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

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
  private final GsoRefusals refusals = new GsoRefusals();
  private final Calls calls;
  private int refusal;
  private long fallbacks;
  private int fallbackError;

  /** The system call of a batch. */
  @FunctionalInterface
  interface Calls {
    /** As sendmmsg(2), but -errno when it fails. */
    int sendmmsg(int fd, long messages, int count, int flags);
  }

  /**
   * Room for so many runs.
   *
   * @param messages at most 1024
   */
  public UdpSendBatch(int messages) {
    this(messages, PacketCalls::sendmmsg);
  }

  UdpSendBatch(int messages, Calls calls) {
    this.calls = calls;
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
   * EINVAL, EMSGSIZE: its datagrams must be fragmented) is sent again datagram by datagram at once,
   * and so are runs to the same address for a minute.
   *
   * @return runs sent when all were, else -errno of the first that failed; see {@link #failedIndex}
   *     and {@link #error}
   */
  public int flush(UdpSocket socket) {
    int runs = count;
    count = 0;
    failedIndex = -1;
    if (!refusals.isEmpty()) {
      refusals.expire(System.nanoTime());
    }
    int run = 0;
    while (run < runs) {
      int filled = 0;
      int next = run;
      while (next < runs && filled + slotsOf(next, socket.gso()) <= slots) {
        filled = fill(next++, filled, socket);
      }
      int refused = send(socket, filled);
      if (refused < 0) {
        run = next;
      } else {
        resend(refused, socket);
        run = refused + 1;
      }
    }
    return failedIndex >= 0 ? -errors[failedIndex] : runs;
  }

  /** Whether a run leaves as one message. */
  private boolean isWhole(int run, boolean gso) {
    return lengths[run] <= segmentLengths[run]
        || gso
            && (refusals.isEmpty()
                || !refusals.cover(addressHigh[run], addressLow[run], segmentLengths[run]));
  }

  private int slotsOf(int run, boolean gso) {
    return isWhole(run, gso) ? 1 : datagrams(run);
  }

  /** Fills the slots of a run; how many are filled then. */
  private int fill(int run, int filled, UdpSocket socket) {
    if (!isWhole(run, socket.gso())) {
      return fillSingly(run, filled, socket);
    }
    fill(filled, run, 0, lengths[run], socket.ipv6());
    return filled + 1;
  }

  private int fillSingly(int run, int filled, UdpSocket socket) {
    int length = lengths[run];
    int segment = segmentLengths[run];
    int slot = filled;
    for (int at = 0; at < length; at += segment) {
      fill(slot++, run, at, Math.min(segment, length - at), socket.ipv6());
    }
    return slot;
  }

  /** Sends a run that was refused as one message. */
  private void resend(int run, UdpSocket socket) {
    send(socket, fillSingly(run, 0, socket));
    if (unsent[run] < datagrams(run)) {
      // Else segmentation was not what the kernel disliked.
      refusals.add(addressHigh[run], addressLow[run], segmentLengths[run], System.nanoTime());
      fallbacks++;
      fallbackError = refusal;
    }
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

  /**
   * Sends the first slots. Returns the run that is to be sent again singly, from which on nothing
   * was sent; else -1.
   */
  private int send(UdpSocket socket, int filled) {
    int sent = 0;
    while (sent < filled) {
      int result =
          calls.sendmmsg(socket.fd(), control.address() + (long) sent * HEADER, filled - sent, 0);
      if (result > 0) {
        sent += result;
        continue;
      }
      int errno = result == 0 ? Errno.EIO : -result;
      if (errno == Errno.EINTR || errno == Errno.EAGAIN && awaitRoom(socket)) {
        continue;
      }
      int run = slotRuns[sent];
      boolean segmented = isSegmented(sent);
      if (segmented && isRefusal(errno)) {
        refusal = errno;
        return run;
      }
      fail(run, errno, segmented ? datagrams(run) : 1);
      sent++;
    }
    return -1;
  }

  /** Whether an error may be about UDP_SEGMENT and not about the datagrams. */
  private static boolean isRefusal(int errno) {
    return errno == Errno.EIO
        || errno == Errno.EINVAL
        || errno == Errno.EMSGSIZE
        || errno == Errno.EOPNOTSUPP;
  }

  private boolean isSegmented(int slot) {
    return control.get(ValueLayout.JAVA_LONG, vectorsAt + (long) slot * VECTOR + 8)
        > segmentLengths[slotRuns[slot]];
  }

  private int datagrams(int run) {
    return (lengths[run] + segmentLengths[run] - 1) / segmentLengths[run];
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
    int ready = PacketCalls.ppoll(wait.address(), 1, wait.address() + 8, 0);
    return ready > 0 || ready == -Errno.EINTR;
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

  /** How many datagrams of run i of the last {@link #flush} were sent. */
  public int sent(int i) {
    return datagrams(i) - unsent[i];
  }

  /**
   * Octets of the datagrams of run i of the last {@link #flush} that were sent. Where some were and
   * others not, all count as long as the first.
   */
  public int sentOctets(int i) {
    return Math.max(0, lengths[i] - unsent[i] * segmentLengths[i]);
  }

  /** Runs so far that were refused as one message and then sent datagram by datagram. */
  public long fallbacks() {
    return fallbacks;
  }

  /** Why the newest of {@link #fallbacks} was refused: errno, 0 when there was none. */
  public int fallbackError() {
    return fallbackError;
  }
}
