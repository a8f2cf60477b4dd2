// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Receives several messages by one recvmmsg(2) into buffers of its own. A message is a datagram, or
 * with GRO a run of datagrams of one length (the last may be shorter) from one sender.
 *
 * <p>For one thread. Everything is allocated at its making; {@link #receive} allocates nothing. The
 * buffers and answers hold until the next {@link #receive}; the owner may change the bytes in
 * place.
 */
public final class UdpReceiveBatch {
  // struct mmsghdr, struct iovec, room for sockaddr_in6, room for the control messages we ask for.
  private static final int HEADER = 64;
  private static final int VECTOR = 16;
  private static final int NAME = 32;
  private static final int CONTROL = 192;
  private static final int NAME_LENGTH_AT = 8;
  private static final int CONTROL_LENGTH_AT = 40;
  private static final int FLAGS_AT = 48;
  private static final int LENGTH_AT = 56;

  private static final ValueLayout.OfShort NET_SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt NET_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong NET_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final long MAPPED = 0xffff_0000_0000L;

  private final int messages;
  private final long stride;
  private final MemorySegment memory;
  private final MemorySegment control;
  private final long namesAt;
  private final long controlsAt;
  private final int[] lengths;
  private final int[] segmentLengths;
  private final boolean[] truncated;
  private final long[] addressHigh;
  private final long[] addressLow;
  private final int[] ports;
  private final int[] scopeIds;
  private final long[] localHigh;
  private final long[] localLow;
  private final int[] ifIndexes;
  private final int[] trafficClasses;
  private int count;

  /**
   * Room for so many messages.
   *
   * @param messages at most 1024
   * @param bufferLength octets for each; 65535 takes any message whole
   */
  public UdpReceiveBatch(int messages, int bufferLength) {
    this.messages = messages;
    // Buffers start on cache lines, with room behind each for vector code to read past the end.
    stride = (bufferLength + 127L) & -64L;
    memory = Arena.ofAuto().allocate(messages * stride, 64);
    namesAt = (long) messages * (HEADER + VECTOR);
    controlsAt = namesAt + (long) messages * NAME;
    control = Arena.ofAuto().allocate(controlsAt + (long) messages * CONTROL, 64);
    for (int i = 0; i < messages; i++) {
      long header = (long) i * HEADER;
      long vector = (long) messages * HEADER + (long) i * VECTOR;
      control.set(ValueLayout.JAVA_LONG, vector, memory.address() + i * stride);
      control.set(ValueLayout.JAVA_LONG, vector + 8, bufferLength);
      control.set(ValueLayout.JAVA_LONG, header, control.address() + namesAt + (long) i * NAME);
      control.set(ValueLayout.JAVA_LONG, header + 16, control.address() + vector);
      control.set(ValueLayout.JAVA_LONG, header + 24, 1);
      control.set(
          ValueLayout.JAVA_LONG, header + 32, control.address() + controlsAt + (long) i * CONTROL);
    }
    lengths = new int[messages];
    segmentLengths = new int[messages];
    truncated = new boolean[messages];
    addressHigh = new long[messages];
    addressLow = new long[messages];
    ports = new int[messages];
    scopeIds = new int[messages];
    localHigh = new long[messages];
    localLow = new long[messages];
    ifIndexes = new int[messages];
    trafficClasses = new int[messages];
    count = messages;
  }

  /** The one segment that holds all buffers. */
  public MemorySegment memory() {
    return memory;
  }

  /**
   * Takes what has arrived, without waiting.
   *
   * @return number of messages, 0 when none waits, else -errno
   */
  public int receive(UdpSocket socket) {
    // The kernel wrote over these in the messages it filled last time.
    for (int i = 0; i < count; i++) {
      long header = (long) i * HEADER;
      control.set(ValueLayout.JAVA_INT, header + NAME_LENGTH_AT, NAME);
      control.set(ValueLayout.JAVA_LONG, header + CONTROL_LENGTH_AT, CONTROL);
    }
    int received =
        PacketCalls.recvmmsg(socket.fd(), control.address(), messages, SocketCalls.MSG_DONTWAIT, 0);
    if (received < 0) {
      count = 0;
      return received == -Errno.EAGAIN || received == -Errno.EINTR ? 0 : received;
    }
    count = received;
    for (int i = 0; i < received; i++) {
      long header = (long) i * HEADER;
      int length = control.get(ValueLayout.JAVA_INT, header + LENGTH_AT);
      lengths[i] = length;
      segmentLengths[i] = length;
      truncated[i] =
          (control.get(ValueLayout.JAVA_INT, header + FLAGS_AT) & SocketCalls.MSG_TRUNC) != 0;
      readName(i);
      readControl(i, control.get(ValueLayout.JAVA_LONG, header + CONTROL_LENGTH_AT));
    }
    return received;
  }

  private void readName(int i) {
    long name = namesAt + (long) i * NAME;
    ports[i] = control.get(NET_SHORT, name + 2) & 0xffff;
    if (control.get(ValueLayout.JAVA_SHORT, name) == SocketCalls.AF_INET) {
      addressHigh[i] = 0;
      addressLow[i] = mapped(name + 4);
      scopeIds[i] = 0;
    } else {
      addressHigh[i] = control.get(NET_LONG, name + 8);
      addressLow[i] = control.get(NET_LONG, name + 16);
      scopeIds[i] = control.get(ValueLayout.JAVA_INT, name + 24);
    }
  }

  private long mapped(long at) {
    return MAPPED | control.get(NET_INT, at) & 0xffff_ffffL;
  }

  private void readControl(int i, long length) {
    localHigh[i] = 0;
    localLow[i] = 0;
    ifIndexes[i] = 0;
    trafficClasses[i] = 0;
    long at = controlsAt + (long) i * CONTROL;
    long end = at + length;
    while (at + 16 <= end) {
      long size = control.get(ValueLayout.JAVA_LONG, at);
      if (size < 16) {
        return;
      }
      long data = at + 16;
      int level = control.get(ValueLayout.JAVA_INT, at + 8);
      int type = control.get(ValueLayout.JAVA_INT, at + 12);
      if (level == SocketCalls.SOL_UDP && type == UdpSocket.UDP_GRO) {
        segmentLengths[i] = control.get(ValueLayout.JAVA_INT, data);
      } else if (level == SocketCalls.SOL_IPV6 && type == UdpSocket.IPV6_PKTINFO) {
        localHigh[i] = control.get(NET_LONG, data);
        localLow[i] = control.get(NET_LONG, data + 8);
        ifIndexes[i] = control.get(ValueLayout.JAVA_INT, data + 16);
      } else if (level == SocketCalls.SOL_IP && type == UdpSocket.IP_PKTINFO) {
        ifIndexes[i] = control.get(ValueLayout.JAVA_INT, data);
        localLow[i] = mapped(data + 8); // ipi_addr, the destination in the header
      } else if (level == SocketCalls.SOL_IPV6 && type == UdpSocket.IPV6_TCLASS) {
        trafficClasses[i] = control.get(ValueLayout.JAVA_INT, data) & 0xff;
      } else if (level == SocketCalls.SOL_IP && type == UdpSocket.IP_TOS) {
        trafficClasses[i] = control.get(ValueLayout.JAVA_BYTE, data) & 0xff;
      }
      at += (size + 7) & -8L;
    }
  }

  /** Where message i starts in {@link #memory}. */
  public long offset(int i) {
    return Objects.checkIndex(i, messages) * stride;
  }

  /** Octets of message i. */
  public int length(int i) {
    return lengths[i];
  }

  /** Octets of each datagram in message i but the last, which may be shorter; else its length. */
  public int segmentLength(int i) {
    return segmentLengths[i];
  }

  /** Whether message i was longer than its buffer. */
  public boolean truncated(int i) {
    return truncated[i];
  }

  /** Octets 0-7 of the sender's address, big endian; IPv4 as IPv4-mapped IPv6. */
  public long addressHigh(int i) {
    return addressHigh[i];
  }

  /** Octets 8-15 of the sender's address. */
  public long addressLow(int i) {
    return addressLow[i];
  }

  /** The sender's port. */
  public int port(int i) {
    return ports[i];
  }

  /** Zone of a link-local sender, else 0. */
  public int scopeId(int i) {
    return scopeIds[i];
  }

  /** Octets 0-7 of the local address it was sent to; both halves are 0 when unknown. */
  public long localHigh(int i) {
    return localHigh[i];
  }

  /** Octets 8-15 of the local address it was sent to. */
  public long localLow(int i) {
    return localLow[i];
  }

  /** The interface it came in by, 0 when unknown. */
  public int ifIndex(int i) {
    return ifIndexes[i];
  }

  /** TOS or traffic class octet (DSCP and ECN), 0 when unknown. */
  public int trafficClass(int i) {
    return trafficClasses[i];
  }
}
