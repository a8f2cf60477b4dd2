// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Packets for the tests, made and checked in the plainest way, apart from the code under test. */
final class SuperPackets {
  private SuperPackets() {}

  /** A checksum written straight from RFC 1071, one 16-bit word at a time. */
  static int slowChecksum(byte[] octets, int offset, int length, int start) {
    int sum = start;
    for (int i = 0; i < length; i += 2) {
      int high = octets[offset + i] & 0xff;
      int low = i + 1 < length ? octets[offset + i + 1] & 0xff : 0;
      sum += high << 8 | low;
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  static int pseudo(byte[] packet, boolean ipv6, int protocol, int length) {
    int sum = slowChecksum(packet, ipv6 ? 8 : 12, ipv6 ? 32 : 8, 0);
    sum += protocol + length;
    return (sum & 0xffff) + (sum >>> 16);
  }

  /** An IP packet with right checksums. */
  static byte[] packet(
      Random random,
      boolean ipv6,
      int protocol,
      int port,
      int sequence,
      int flags,
      byte[] payload) {
    int network = ipv6 ? 40 : 20;
    int transport = protocol == 6 ? 32 : 8;
    int total = network + transport + payload.length;
    ByteBuffer b = ByteBuffer.allocate(total);
    if (ipv6) {
      b.putInt(0x6000_0000).putShort((short) (total - 40)).put((byte) protocol).put((byte) 64);
      b.putLong(0xfd00_0000_0000_0000L).putLong(1).putLong(0xfd00_0000_0000_0000L).putLong(2);
    } else {
      b.putShort((short) 0x4500).putShort((short) total).putShort((short) random.nextInt());
      b.putShort((short) 0x4000).put((byte) 64).put((byte) protocol).putShort((short) 0);
      b.putInt(0x0a00_0001).putInt(0x0a00_0002);
      b.putShort(10, (short) ~slowChecksum(b.array(), 0, 20, 0));
    }
    if (protocol == 6) {
      b.putShort((short) port).putShort((short) 5201).putInt(sequence).putInt(77);
      b.put((byte) 0x80)
          .put((byte) flags)
          .putShort((short) 500)
          .putShort((short) 0)
          .putShort((short) 0);
      b.putInt(0x0101_080a).putInt(1234).putInt(5678);
    } else {
      b.putShort((short) port).putShort((short) 5201);
      b.putShort((short) (8 + payload.length)).putShort((short) 0);
    }
    b.put(payload);
    setTransportChecksum(b.array(), ipv6, protocol);
    return b.array();
  }

  private static void setTransportChecksum(byte[] packet, boolean ipv6, int protocol) {
    int network = ipv6 ? 40 : 20;
    int field = network + (protocol == 6 ? 16 : 6);
    ByteBuffer.wrap(packet).putShort(field, (short) 0);
    int length = packet.length - network;
    int sum =
        ~slowChecksum(packet, network, length, pseudo(packet, ipv6, protocol, length)) & 0xffff;
    ByteBuffer.wrap(packet).putShort(field, (short) (sum == 0 ? 0xffff : sum));
  }

  static boolean checksumsAreRight(byte[] packet) {
    boolean ipv6 = packet[0] >>> 4 == 6;
    int network = ipv6 ? 40 : 20;
    int protocol = packet[ipv6 ? 6 : 9];
    int length = packet.length - network;
    return (ipv6 || slowChecksum(packet, 0, 20, 0) == 0xffff)
        && slowChecksum(packet, network, length, pseudo(packet, ipv6, protocol, length)) == 0xffff;
  }

  /** A virtio_net_hdr in front of a super-packet, its transport checksum left to the reader. */
  static byte[] offloaded(byte[] packet, int gsoSize) {
    boolean ipv6 = packet[0] >>> 4 == 6;
    int network = ipv6 ? 40 : 20;
    int protocol = packet[ipv6 ? 6 : 9];
    int field = protocol == 6 ? 16 : 6;
    byte[] copy = packet.clone();
    int partial = pseudo(copy, ipv6, protocol, copy.length - network);
    ByteBuffer.wrap(copy).putShort(network + field, (short) partial);
    int type = protocol == 17 ? 5 : ipv6 ? 4 : 1;
    ByteBuffer b = ByteBuffer.allocate(10 + copy.length).order(ByteOrder.nativeOrder());
    b.put((byte) 1).put((byte) (gsoSize == 0 ? 0 : type));
    b.putShort((short) (network + (protocol == 6 ? 32 : 8))).putShort((short) gsoSize);
    b.putShort((short) network).putShort((short) field).put(copy);
    return b.array();
  }

  /** Runs a segmenter over what a TUN read gave. */
  static List<byte[]> segment(byte[] read) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate(read.length);
      MemorySegment out = arena.allocate(70_000);
      MemorySegment.copy(read, 0, in, ValueLayout.JAVA_BYTE, 0, read.length);
      Segmenter segmenter = new Segmenter(in);
      int count = segmenter.load(0, true, read.length);
      List<byte[]> segments = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int length = segmenter.write(i, out, 3);
        segments.add(out.asSlice(3, length).toArray(ValueLayout.JAVA_BYTE));
      }
      return segments;
    }
  }

  /** A sink that keeps what a TUN device would be given. */
  static final class Recorder implements PacketSink {
    final List<byte[]> writes = new ArrayList<>();

    @Override
    public boolean vnetHeader() {
      return true;
    }

    @Override
    public boolean tso() {
      return true;
    }

    @Override
    public boolean uso() {
      return true;
    }

    @Override
    public int write(MemorySegment memory, long offset, int length) {
      writes.add(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
      return length;
    }

    @Override
    public int writev(MemorySegment iovecs, long offset, int count) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < count; i++) {
        long address = iovecs.get(ValueLayout.JAVA_LONG, offset + 16L * i);
        long length = iovecs.get(ValueLayout.JAVA_LONG, offset + 16L * i + 8);
        all.writeBytes(
            MemorySegment.ofAddress(address).reinterpret(length).toArray(ValueLayout.JAVA_BYTE));
      }
      writes.add(all.toByteArray());
      return all.size();
    }
  }
}
