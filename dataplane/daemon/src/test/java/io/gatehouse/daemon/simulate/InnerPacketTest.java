// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.IpLiteral;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The traffic of the simulation: questions, and answers of the wanted length. */
class InnerPacketTest {
  private static final InetAddress ASKER = IpLiteral.parse("10.70.0.2");
  private static final InetAddress ASKED = IpLiteral.parse("192.168.70.10");

  private final MemorySegment memory = Arena.ofAuto().allocate(2048);

  @Test
  void aQuestionIsAnsweredWithAsManyOctetsAsItWants() {
    List<byte[]> answers = answers(500, 3000);
    // 28 octets of headers each.
    assertThat(answers).extracting(answer -> answer.length - 28).containsExactly(1200, 1200, 600);
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(InnerPacket.destination(MemorySegment.ofArray(answer), answer.length))
                  .contains(ASKER);
              assertThat(headerSum(answer)).isEqualTo(0xffff);
            });
  }

  @Test
  void anAnswerIsNotAnswered() {
    MemorySegment answer = MemorySegment.ofArray(answers(10, 100).getFirst());
    InnerPacket.answers(
        answer,
        (int) answer.byteSize(),
        more -> {
          throw new AssertionError("it would go on for ever");
        });
  }

  @Test
  void noPacketMakesAnybodyAnswerWithoutEnd() {
    assertThat(answers(10, Integer.MAX_VALUE)).hasSize(64);
    assertThat(answers(10, -1)).isEmpty();
  }

  @Test
  void whatIsNoPacketGoesNowhere() {
    assertThat(InnerPacket.destination(memory, 27)).isEmpty();
    assertThat(InnerPacket.destination(memory, 100)).isEmpty();
  }

  private List<byte[]> answers(int payload, int wanted) {
    int length = InnerPacket.ask(memory, 0, ASKER, ASKED, payload, wanted);
    assertThat(InnerPacket.destination(memory, length)).contains(ASKED);
    List<byte[]> answers = new ArrayList<>();
    InnerPacket.answers(
        memory, length, answer -> answers.add(answer.toArray(ValueLayout.JAVA_BYTE)));
    return answers;
  }

  /** The sum of RFC 1071 over the header, checksum included. */
  private static int headerSum(byte[] packet) {
    ByteBuffer header = ByteBuffer.wrap(packet, 0, 20);
    int sum = 0;
    while (header.hasRemaining()) {
      sum += header.getShort() & 0xffff;
    }
    return (sum & 0xffff) + (sum >>> 16);
  }
}
