// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Answers an engine must give before it may carry packets. They were computed with OpenSSL, apart
 * from every engine here. A tag covers each octet of the ciphertext, so the tag alone is recorded.
 *
 * <p>Octet {@code i} of the key is {@code 5 i + 1} and octet {@code i} of a text of {@code n}
 * octets is {@code 7 i + n}. Lengths stand on both sides of every block, pass and lane boundary;
 * counters on both sides of every sign bit.
 */
final class KnownAnswers {
  private record Answer(int length, long counter, String tag) {}

  private static final List<Answer> ANSWERS =
      List.of(
          new Answer(0, 0L, "9905a9a9df00e942bcbf9e217e31259c"),
          new Answer(1, 1L, "6b834ac03c2a61d436648e50b959db89"),
          new Answer(15, 2147483647L, "afb3fc52b79cd51bbd0868ae4bf0413e"),
          new Answer(16, 2147483648L, "d5df7753f5809ea0ec27f0ac47cb3d76"),
          new Answer(17, 4294967295L, "78484f7c1c75d21018f23f6975416a5a"),
          new Answer(32, 4294967296L, "53e2d1fee3815918d89c378e0ad21578"),
          new Answer(63, 9223372036854775807L, "0d04a7e40d59ea30f134762943b6e7a6"),
          new Answer(64, -9223372036854775808L, "7d28d67c52c12235a8eb12d1caabf85b"),
          new Answer(65, -1L, "128b8a6a7525baf7fb22ae231b3a499b"),
          new Answer(96, 0L, "8f4f4597eb6c0aec95f5225fef316ad7"),
          new Answer(127, 1L, "ebb06764c22615dcf002d372c501a71e"),
          new Answer(128, 2147483647L, "e7cd2dc32580daa71f8a1ed379462038"),
          new Answer(129, 2147483648L, "529f33546eb1eca0565b80e8097c27f6"),
          new Answer(191, 4294967295L, "7d3dd553b4055eb4d1e7b579bc5b718e"),
          new Answer(192, 4294967296L, "8bce978662820ec0e94eb281ba654598"),
          new Answer(193, 9223372036854775807L, "578968bf1dd144ba3b0db572461422dc"),
          new Answer(255, -9223372036854775808L, "3638ca5fc506cf43b10694039fc48160"),
          new Answer(256, -1L, "6d8578f017e737908ea4c0bea728710b"),
          new Answer(257, 0L, "4e1a5f1c40d3293b65068bc009bca286"),
          new Answer(319, 1L, "26c08d5c75d054bca83e3d7ad88e684f"),
          new Answer(320, 2147483647L, "f835eff725501c65293a39ba27583c29"),
          new Answer(383, 2147483648L, "237a50f57325bd25f27232c5ab5ef5c4"),
          new Answer(384, 4294967295L, "20faec7c160ce1edf5fb5b0782342104"),
          new Answer(448, 4294967296L, "3c366a8600000a4cf0b78adc5b8d92bc"),
          new Answer(449, 9223372036854775807L, "d05a522e6eb8ef8a2e6902823070c849"),
          new Answer(511, -9223372036854775808L, "65146027649e0b187dc6d6c4f9bb3c4c"),
          new Answer(512, -1L, "7e1712c965b8e018831f1126d7875368"),
          new Answer(513, 0L, "f5d63edfb78de48b8ba6af0518b43a0b"),
          new Answer(576, 1L, "3b1838deefd9d88f9b443fe8f2695068"),
          new Answer(704, 2147483647L, "4283227ee7095425bdc716669d497534"),
          new Answer(960, 2147483648L, "7af020d76ef6555d49721cad43893296"),
          new Answer(961, 4294967295L, "b94116e9b55a1a6f074c6a4b273c3879"),
          new Answer(1023, 4294967296L, "a1193400463b2a70028d4b4545b9bcfc"),
          new Answer(1024, 9223372036854775807L, "09bc6feeeabcb2b95b1bb18619cc6b60"),
          new Answer(1025, -9223372036854775808L, "73eb8d0be15ece8cccc6e3d83f72fc82"),
          new Answer(1404, -1L, "167ad92a935c7c239d622bff285088d8"),
          new Answer(1420, 0L, "5f98559c51688a4b01f1ceb5c8340bd5"),
          new Answer(1440, 1L, "4ed9b9e40ba42b673bf4045519367a79"),
          new Answer(1500, 2147483647L, "571b927b06b3cbe519adcae46bdfb0dd"),
          new Answer(2048, 2147483648L, "815983898e2b8a37fd42bba161b1b4c2"),
          new Answer(2049, 4294967295L, "dd5bb91ab5fc0651ad2ced63e482e9d1"));

  private KnownAnswers() {}

  /** The key of all answers, in memory of the given arena. */
  static MemorySegment key(Arena arena) {
    MemorySegment key = arena.allocate(Aead.KEY_LENGTH);
    for (int i = 0; i < Aead.KEY_LENGTH; i++) {
      key.set(ValueLayout.JAVA_BYTE, i, (byte) (5 * i + 1));
    }
    return key;
  }

  /** Runs every answer through the engine; says what was wrong first, or nothing. */
  static Optional<String> firstFault(Aead aead) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = key(arena);
      for (Answer answer : ANSWERS) {
        // An odd offset, since packets lie at any alignment.
        int offset = 1 + answer.length % 7;
        int length = answer.length + Aead.TAG_LENGTH;
        MemorySegment packet = arena.allocate((long) offset + length);
        MemorySegment tag = packet.asSlice((long) offset + answer.length);
        fill(packet, offset, answer.length);
        aead.seal(key, answer.counter, packet, offset, answer.length);
        if (!HexFormat.of().formatHex(tag.toArray(ValueLayout.JAVA_BYTE)).equals(answer.tag)) {
          return fault(answer, "sealed wrongly");
        }
        tag.set(ValueLayout.JAVA_BYTE, 15, (byte) (tag.get(ValueLayout.JAVA_BYTE, 15) ^ 0x80));
        if (aead.open(key, answer.counter, packet, offset, length)) {
          return fault(answer, "took a wrong tag");
        }
        fill(packet, offset, answer.length);
        aead.seal(key, answer.counter, packet, offset, answer.length);
        if (!aead.open(key, answer.counter, packet, offset, length)) {
          return fault(answer, "refused a right tag");
        }
        if (!isText(packet, offset, answer.length)) {
          return fault(answer, "opened wrongly");
        }
      }
      return Optional.empty();
    }
  }

  private static Optional<String> fault(Answer answer, String what) {
    return Optional.of(
        what
            + " at length "
            + answer.length
            + " and counter "
            + Long.toUnsignedString(answer.counter));
  }

  private static void fill(MemorySegment packet, int offset, int length) {
    for (int i = 0; i < length; i++) {
      packet.set(ValueLayout.JAVA_BYTE, (long) offset + i, (byte) (7 * i + length));
    }
  }

  private static boolean isText(MemorySegment packet, int offset, int length) {
    for (int i = 0; i < length; i++) {
      if (packet.get(ValueLayout.JAVA_BYTE, (long) offset + i) != (byte) (7 * i + length)) {
        return false;
      }
    }
    return true;
  }
}
