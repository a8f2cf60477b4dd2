// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.wgquick.IpLiteral;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * What a gateway must not take, one thing a second, so that the reasons for which packets are
 * dropped can be seen. For one thread.
 */
final class Mischief {
  private static final int INITIATION = 1;
  private static final int INITIATION_LENGTH = 148;
  private static final int DATA = 4;
  private static final int KINDS = 6;
  private static final InetAddress NOT_ITS_OWN = IpLiteral.parse("10.70.0.250");

  private final SyntheticPeer peer;
  private byte[] last = new byte[0];

  Mischief(SyntheticPeer peer) {
    this.peer = peer;
  }

  /** A datagram that was rightly sent. */
  void see(byte[] datagram) {
    last = datagram;
  }

  /** Commits what is due in this second. */
  void commit(long second, long now) {
    if (last.length == 0) {
      return;
    }
    switch ((int) (second % KINDS)) {
      // Once more what was sent already.
      case 0 -> peer.throwAtGateway(last);
      // An inner packet from an address that is not its own.
      case 1 -> spoof(now);
      // An initiation from somebody who does not know the gateway's key.
      case 2 -> peer.throwAtGateway(message(INITIATION, INITIATION_LENGTH));
      // Changed on the way.
      case 3 -> peer.throwAtGateway(forged());
      // No session has this index.
      case 4 -> peer.throwAtGateway(message(DATA, last.length));
      // No WireGuard at all.
      default -> peer.throwAtGateway(message(0x47, 64));
    }
  }

  private void spoof(long now) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(256);
      int length = InnerPacket.ask(memory, 0, NOT_ITS_OWN, peer.asks(), 64, 64);
      peer.send(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), now);
    }
  }

  private byte[] forged() {
    byte[] forged = last.clone();
    forged[forged.length - 1] ^= 1;
    // The counter of one that is still to come, so that only the tag tells.
    forged[9] ^= 1;
    return forged;
  }

  private static byte[] message(int type, int length) {
    byte[] octets = new byte[length];
    Arrays.fill(octets, 4, length, (byte) 0x5a);
    octets[0] = (byte) type;
    return octets;
  }
}
