// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.wgquick.IpLiteral;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The traffic in the tunnels: UDP packets of IPv4 that ask for so many octets, and the packets that
 * bring them. Whoever is asked answers, so that traffic goes both ways.
 */
final class InnerPacket {
  /** Octets of the headers of IPv4 and UDP (RFC 791, 768). */
  private static final int HEADERS = 28;

  /** What else a question carries at most, and an answer. */
  static final int LARGEST = 1200;

  private static final int SMALLEST = HEADERS + 4;
  private static final int MOST_ANSWERS = 64;

  /** Questions go to it (RFC 862: echo), answers come from it. */
  private static final int PORT = 7;

  private static final int OTHER_PORT = 40007;
  private static final int VERSION = 0x45;
  private static final int TIME_TO_LIVE = 64;
  private static final int UDP = 17;
  private static final int CHECKSUM = 10;
  private static final int SOURCE = 12;
  private static final int DESTINATION = 16;
  private static final int DESTINATION_PORT = 22;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private InnerPacket() {}

  /** Where a packet goes; empty unless it is of IPv4. */
  static Optional<InetAddress> destination(MemorySegment packet, int length) {
    if (length < HEADERS || packet.get(ValueLayout.JAVA_BYTE, 0) != VERSION) {
      return Optional.empty();
    }
    byte[] octets = packet.asSlice(DESTINATION, 4).toArray(ValueLayout.JAVA_BYTE);
    return Optional.of(IpLiteral.address(octets));
  }

  /**
   * Writes a question.
   *
   * @param at where it begins
   * @param payload octets that it carries beside the question, at most {@link #LARGEST}
   * @param wanted octets that the answer is to have
   * @return its length
   */
  static int ask(
      MemorySegment memory, long at, InetAddress from, InetAddress to, int payload, int wanted) {
    int length = SMALLEST + Math.clamp(payload, 0, LARGEST - 4);
    write(memory, at, length, octets(from), octets(to), OTHER_PORT, PORT);
    memory.set(INT, at + HEADERS, wanted);
    return length;
  }

  /**
   * Answers a question; does nothing about any other packet.
   *
   * @param to takes each packet of the answer, which is its own only during the call
   */
  static void answers(MemorySegment packet, int length, Consumer<MemorySegment> to) {
    if (length < SMALLEST
        || packet.get(ValueLayout.JAVA_BYTE, 0) != VERSION
        || packet.get(ValueLayout.JAVA_BYTE, 9) != UDP
        || packet.get(SHORT, DESTINATION_PORT) != PORT) {
      return;
    }
    int asker = packet.get(INT, SOURCE);
    int asked = packet.get(INT, DESTINATION);
    int left = packet.get(INT, HEADERS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(HEADERS + LARGEST, 8);
      for (int i = 0; i < MOST_ANSWERS && left > 0; i++) {
        int payload = Math.min(left, LARGEST);
        write(answer, 0, HEADERS + payload, asked, asker, PORT, OTHER_PORT);
        to.accept(answer.asSlice(0, HEADERS + payload));
        left -= payload;
      }
    }
  }

  private static void write(
      MemorySegment memory, long at, int length, int from, int to, int fromPort, int toPort) {
    memory.asSlice(at, length).fill((byte) 0);
    memory.set(ValueLayout.JAVA_BYTE, at, (byte) VERSION);
    memory.set(SHORT, at + 2, (short) length);
    memory.set(ValueLayout.JAVA_BYTE, at + 8, (byte) TIME_TO_LIVE);
    memory.set(ValueLayout.JAVA_BYTE, at + 9, (byte) UDP);
    memory.set(INT, at + SOURCE, from);
    memory.set(INT, at + DESTINATION, to);
    int sum = 0;
    for (int i = 0; i < 20; i += 2) {
      sum += memory.get(SHORT, at + i) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    memory.set(SHORT, at + CHECKSUM, (short) ~((sum & 0xffff) + (sum >>> 16)));
    memory.set(SHORT, at + 20, (short) fromPort);
    memory.set(SHORT, at + DESTINATION_PORT, (short) toPort);
    // Without a checksum, as IPv4 allows.
    memory.set(SHORT, at + 24, (short) (length - 20));
  }

  private static int octets(InetAddress address) {
    return MemorySegment.ofArray(address.getAddress()).get(INT, 0);
  }
}
