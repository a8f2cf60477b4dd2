// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine owes; the oracle is the JDK's own ChaCha20-Poly1305. */
class AeadTest {
  private static final long[] COUNTERS = {
    0,
    1,
    Integer.MAX_VALUE,
    1L << 31,
    (1L << 32) - 1,
    1L << 32,
    (1L << 32) + 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  static Stream<Named<Aead>> engines() {
    return Stream.of(
            new BouncyCastleAead(),
            new LibcryptoAead(),
            ForcedWidth.vectorAead(128),
            ForcedWidth.vectorAead(256),
            ForcedWidth.vectorAead(512))
        .map(aead -> Named.of(aead.name(), aead));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void encryptsTheTextOfRfc8439AppendixA5(Aead aead) {
    byte[] text =
        ("Internet-Drafts are draft documents valid for a maximum of six months and may be updated,"
                + " replaced, or obsoleted by other documents at any time. It is inappropriate to"
                + " use Internet-Drafts as reference material or to cite them other than as"
                + " /\u201cwork in progress./\u201d")
            .getBytes(StandardCharsets.UTF_8);
    byte[] key = hex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
    String ciphertext =
        "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2"
            + "4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf"
            + "332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855"
            + "9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4"
            + "b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e"
            + "af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a"
            + "0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10"
            + "49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29"
            + "a6ad5cb4022b02709b";
    // The appendix authenticates 12 octets of associated data, WireGuard none: the tag is
    // OpenSSL's.
    String tag = "6e3570b1acaaf1f24f2a644f01acd12b";
    assertThat(HexFormat.of().formatHex(seal(aead, key, 0x0807060504030201L, text, 3)))
        .isEqualTo(ciphertext + tag);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void givesTheKnownAnswers(Aead aead) {
    assertThat(KnownAnswers.firstFault(aead)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void agreesWithTheJdkAtEveryLengthUpToTwoPackets(Aead aead) throws Exception {
    Random random = new Random(2048);
    for (int length = 0; length <= 2048; length++) {
      agreesWithTheJdk(aead, random, length);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void agreesWithTheJdkAtRandomLengthsUpToTheLongest(Aead aead) throws Exception {
    Random random = new Random(65535);
    for (int i = 0; i < 40; i++) {
      agreesWithTheJdk(aead, random, random.nextInt(65_536));
    }
    agreesWithTheJdk(aead, random, 65_535);
  }

  /** An engine may work ahead for the next counter: then another may come, or another key. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void agreesWithTheJdkWhateverPacketCameBefore(Aead aead) throws Exception {
    Random random = new Random(24);
    byte[] one = bytes(random, 32);
    byte[] other = one.clone();
    other[31] ^= (byte) 0x80;
    byte[][] keys = {one, other};
    // Its lower half is about to overflow.
    long counter = 0xffff_ffffL - 100;
    byte[] key = keys[0];
    for (int round = 0; round < 1500; round++) {
      byte[] text = bytes(random, random.nextBoolean() ? 1420 : random.nextInt(1421));
      byte[] expected = jdk(key, counter, text);
      if (random.nextBoolean()) {
        assertThat(seal(aead, key, counter, text, 0)).as("round %d", round).isEqualTo(expected);
      } else {
        boolean forged = random.nextInt(4) == 0;
        expected[expected.length - 1] ^= (byte) (forged ? 1 : 0);
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment packet = nativeCopy(arena, expected);
          assertThat(aead.open(nativeCopy(arena, key), counter, packet, 0, expected.length))
              .as("round %d", round)
              .isEqualTo(!forged);
          if (!forged) {
            assertThat(packet.asSlice(0, text.length).toArray(ValueLayout.JAVA_BYTE))
                .as("round %d", round)
                .isEqualTo(text);
          }
        }
      }
      switch (random.nextInt(12)) {
        case 0 -> counter += 2;
        case 1 -> key = keys[random.nextInt(2)];
        case 2 -> counter--;
        case 3 -> {
          // The same once more.
        }
        default -> counter++;
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void agreesWithTheJdkOnTextsOfZerosAndOnes(Aead aead) throws Exception {
    Random random = new Random(26);
    for (int round = 0; round < 200; round++) {
      byte[] key = bytes(random, 32);
      byte[] text = new byte[random.nextInt(1500)];
      Arrays.fill(text, (byte) (round % 2 == 0 ? 0 : 0xff));
      assertThat(seal(aead, key, round, text, round % 5)).isEqualTo(jdk(key, round, text));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void refusesAnyFlippedBit(Aead aead) {
    Random random = new Random(1);
    byte[] key = bytes(random, 32);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment keySegment = nativeCopy(arena, key);
      for (int length : new int[] {0, 1, 16, 33, 64, 100, 400, 1420}) {
        byte[] sealed = seal(aead, key, 9, bytes(random, length), 0);
        MemorySegment packet = arena.allocate(sealed.length);
        for (int i = 0; i < sealed.length; i++) {
          MemorySegment.copy(sealed, 0, packet, ValueLayout.JAVA_BYTE, 0, sealed.length);
          int bit = 1 << random.nextInt(8);
          packet.set(ValueLayout.JAVA_BYTE, i, (byte) (sealed[i] ^ bit));
          assertThat(aead.open(keySegment, 9, packet, 0, sealed.length))
              .as("octet %d of %d", i, sealed.length)
              .isFalse();
        }
        MemorySegment.copy(sealed, 0, packet, ValueLayout.JAVA_BYTE, 0, sealed.length);
        assertThat(aead.open(keySegment, 8, packet, 0, sealed.length)).as("counter").isFalse();
        MemorySegment.copy(sealed, 0, packet, ValueLayout.JAVA_BYTE, 0, sealed.length);
        assertThat(aead.open(keySegment, 9, packet, 0, sealed.length)).as("untouched").isTrue();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void refusesWhatDoesNotFit(Aead aead) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(32);
      MemorySegment packet = arena.allocate(100);
      assertThatThrownBy(() -> aead.seal(key, 0, packet, 0, 85))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> aead.seal(key, 0, packet, -1, 10))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> aead.seal(key, 0, packet, Long.MAX_VALUE, 10))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> aead.seal(key, 0, packet, 0, -1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> aead.open(key, 0, packet, 1, 100))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> aead.open(key, 0, packet, 0, 15))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> aead.seal(arena.allocate(31), 0, packet, 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void takesAPartOfTheTextFromElsewhere(Aead aead) throws Exception {
    Random random = new Random(64);
    TextPart part = new TextPart();
    byte[] key = bytes(random, 32);
    for (long round = 0; round < 3000; round++) {
      int length = random.nextInt(random.nextBoolean() ? 200 : 1500);
      int end = length - random.nextInt(Math.min(16, length + 1));
      int start = random.nextInt(Math.min(100, end + 1));
      int before = random.nextInt(65);
      int fromBefore = random.nextInt(65);
      byte[] text = bytes(random, length);
      byte[] source = bytes(random, fromBefore + end - start + random.nextInt(3));
      System.arraycopy(text, start, source, fromBefore, end - start);
      byte[] whole = bytes(random, before + length + Aead.TAG_LENGTH + random.nextInt(65));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment from = nativeCopy(arena, source);
        MemorySegment packet = nativeCopy(arena, whole);
        MemorySegment.copy(text, 0, packet, ValueLayout.JAVA_BYTE, before, start);
        MemorySegment.copy(text, end, packet, ValueLayout.JAVA_BYTE, before + end, length - end);

        part.take(from, fromBefore, packet, before, start, end);
        aead.seal(nativeCopy(arena, key), round, packet, before, length, part);

        byte[] expected = jdk(key, round, text);
        System.arraycopy(expected, 0, whole, before, expected.length);
        assertThat(packet.toArray(ValueLayout.JAVA_BYTE))
            .as("%d to %d of %d octets", start, end, length)
            .isEqualTo(whole);
        assertThat(from.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(source);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void refusesAPartThatDoesNotFit(Aead aead) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(32);
      MemorySegment packet = arena.allocate(500);
      MemorySegment from = arena.allocate(256);
      TextPart part = new TextPart();
      assertThatThrownBy(() -> part.take(from, 0, packet, 0, 64, 321))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> part.take(from, 1, packet, 0, 64, 320))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> part.take(from, 0, packet, 0, 65, 64))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> part.take(MemorySegment.ofArray(new byte[256]), 0, packet, 0, 0, 64))
          .isInstanceOf(IllegalArgumentException.class);

      part.take(from, 0, packet, 0, 64, 320);
      assertThatThrownBy(() -> aead.seal(key, 0, packet, 0, 319, part))
          .isInstanceOf(IndexOutOfBoundsException.class);
      aead.seal(key, 0, packet, 0, 320, part);
    }
  }

  /** Seals and opens one random text and compares every octet around and inside it. */
  private static void agreesWithTheJdk(Aead aead, Random random, int length) throws Exception {
    byte[] key = bytes(random, 32);
    byte[] text = bytes(random, length);
    long counter =
        random.nextInt(4) == 0 ? COUNTERS[random.nextInt(COUNTERS.length)] : random.nextLong();
    byte[] expected = jdk(key, counter, text);
    int before = random.nextInt(65);
    int after = random.nextInt(65);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment keySegment = nativeCopy(arena, key);
      byte[] whole = bytes(random, before + expected.length + after);
      System.arraycopy(text, 0, whole, before, length);
      MemorySegment packet = nativeCopy(arena, whole);

      aead.seal(keySegment, counter, packet, before, length);
      System.arraycopy(expected, 0, whole, before, expected.length);
      assertThat(packet.toArray(ValueLayout.JAVA_BYTE))
          .as("sealed, length %d", length)
          .isEqualTo(whole);

      assertThat(aead.open(keySegment, counter, packet, before, expected.length)).isTrue();
      System.arraycopy(text, 0, whole, before, length);
      // The tag's place is the engine's to use; all else must be as it was.
      MemorySegment.copy(
          packet, ValueLayout.JAVA_BYTE, before + length, whole, before + length, 16);
      assertThat(packet.toArray(ValueLayout.JAVA_BYTE))
          .as("opened, length %d", length)
          .isEqualTo(whole);
    }
  }

  private static byte[] seal(Aead aead, byte[] key, long counter, byte[] text, int offset) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment packet = arena.allocate((long) offset + text.length + Aead.TAG_LENGTH);
      MemorySegment.copy(text, 0, packet, ValueLayout.JAVA_BYTE, offset, text.length);
      aead.seal(nativeCopy(arena, key), counter, packet, offset, text.length);
      return packet.asSlice(offset).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static byte[] jdk(byte[] key, long counter, byte[] text) throws Exception {
    byte[] nonce =
        ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putLong(counter).array();
    Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
    return cipher.doFinal(text);
  }

  private static MemorySegment nativeCopy(Arena arena, byte[] bytes) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
