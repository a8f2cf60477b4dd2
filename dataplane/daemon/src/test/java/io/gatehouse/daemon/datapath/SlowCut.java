// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts super-packets the way Linux does (tcp_gso_segment, __udp_gso_segment), in the plainest way
 * and apart from the code under test. Also refuses what Linux would (virtio_net_hdr_to_skb).
 */
final class SlowCut {
  private static final int LENGTH = 10;

  private SlowCut() {}

  /** The packets in one write to, or read from, a TUN device with a virtio-net header. */
  static List<byte[]> of(byte[] write) {
    byte[] whole = Arrays.copyOfRange(write, LENGTH, write.length);
    if (write[1] == 0) {
      assertThat(write[0]).isZero();
      return List.of(whole);
    }
    ByteBuffer header = ByteBuffer.wrap(write, 0, LENGTH).order(ByteOrder.nativeOrder());
    int gsoSize = header.getShort(4) & 0xffff;
    int transport = header.getShort(6);
    boolean ipv6 = whole[0] >>> 4 == 6;
    int protocol = whole[ipv6 ? 6 : 9];
    boolean tcp = protocol == 6;
    int payload = transport + (tcp ? whole[transport + 12] >> 4 & 15 : 2) * 4;
    assertThat(write[0]).isEqualTo((byte) 1);
    assertThat(write[1]).isEqualTo((byte) (tcp ? ipv6 ? 4 : 1 : 5));
    assertThat(header.getShort(2)).isEqualTo((short) (tcp ? transport + 32 : transport + 8));
    assertThat(transport).isEqualTo(ipv6 ? 40 : 20);
    assertThat(header.getShort(8)).isEqualTo((short) (tcp ? 16 : 6));
    assertThat(gsoSize).isPositive();
    assertThat(whole.length - payload).isLessThanOrEqualTo(64 * gsoSize);
    List<byte[]> packets = new ArrayList<>();
    for (int at = payload; at < whole.length; at += gsoSize) {
      int length = Math.min(gsoSize, whole.length - at);
      byte[] packet = Arrays.copyOf(whole, payload + length);
      System.arraycopy(whole, at, packet, payload, length);
      ByteBuffer b = ByteBuffer.wrap(packet);
      if (ipv6) {
        b.putShort(4, (short) (packet.length - 40));
      } else {
        b.putShort(2, (short) packet.length);
        b.putShort(4, (short) (b.getShort(4) + packets.size()));
        b.putShort(10, (short) 0);
        b.putShort(10, (short) ~SuperPackets.slowChecksum(packet, 0, 20, 0));
      }
      if (tcp) {
        b.putInt(transport + 4, b.getInt(transport + 4) + at - payload);
        boolean last = at + length == whole.length;
        int flags = packet[transport + 13];
        flags &= last ? ~0 : ~(1 | 8); // FIN, PSH
        flags &= packets.isEmpty() ? ~0 : ~0x80; // CWR
        packet[transport + 13] = (byte) flags;
      } else {
        b.putShort(transport + 4, (short) (packet.length - transport));
      }
      int field = transport + (tcp ? 16 : 6);
      b.putShort(field, (short) 0);
      int octets = packet.length - transport;
      int sum =
          ~SuperPackets.slowChecksum(
                  packet, transport, octets, SuperPackets.pseudo(packet, ipv6, protocol, octets))
              & 0xffff;
      b.putShort(field, (short) (sum == 0 ? 0xffff : sum));
      packets.add(packet);
    }
    return packets;
  }

  /** Whether the last packet in a super-packet is shorter than the others. */
  static boolean isUneven(byte[] write) {
    List<byte[]> packets = of(write);
    return packets.getLast().length < packets.getFirst().length;
  }
}
