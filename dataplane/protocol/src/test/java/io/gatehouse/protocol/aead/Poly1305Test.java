// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The authenticator alone, where sums of limbs carry (RFC 8439, section 2.5.2 and appendix A.3).
 */
class Poly1305Test {
  private static final BigInteger PRIME = BigInteger.TWO.pow(130).subtract(BigInteger.valueOf(5));

  @ParameterizedTest
  @CsvSource({
    // r, s, whole blocks, tag
    "85d6be7857556d337f4452fe42d506a8, 0103808afb0db2fd4abff6af4149f51b,"
        + " 43727970746f6772617068696320466f72756d2052657365617263682047726f, -",
    "02000000000000000000000000000000, 00000000000000000000000000000000,"
        + " ffffffffffffffffffffffffffffffff, 03000000000000000000000000000000",
    "02000000000000000000000000000000, ffffffffffffffffffffffffffffffff,"
        + " 02000000000000000000000000000000, 03000000000000000000000000000000",
    "01000000000000000000000000000000, 00000000000000000000000000000000,"
        + " fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff"
        + "11000000000000000000000000000000, 05000000000000000000000000000000",
    "01000000000000000000000000000000, 00000000000000000000000000000000,"
        + " fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe"
        + "01010101010101010101010101010101, 00000000000000000000000000000000",
    "02000000000000000000000000000000, 00000000000000000000000000000000,"
        + " fdffffffffffffffffffffffffffffff, faffffffffffffffffffffffffffffff",
    "01000000000000000400000000000000, 00000000000000000000000000000000,"
        + " e33594d7505e43b900000000000000003394d7505e4379cd0100000000000000"
        + "0000000000000000000000000000000001000000000000000000000000000000,"
        + " 14000000000000005500000000000000",
    "01000000000000000400000000000000, 00000000000000000000000000000000,"
        + " e33594d7505e43b900000000000000003394d7505e4379cd0100000000000000"
        + "00000000000000000000000000000000, 13000000000000000000000000000000",
  })
  void givesTheTagsOfRfc8439(String r, String s, String message, String tag) {
    byte[] key = HexFormat.of().parseHex(r + s);
    byte[] text = HexFormat.of().parseHex(message);
    String expected = HexFormat.of().formatHex(byBigIntegers(key, text));
    if (!tag.equals("-")) {
      assertThat(expected).as("the oracle itself").isEqualTo(tag);
    }
    assertThat(HexFormat.of().formatHex(scalar(key, text))).isEqualTo(expected);
  }

  @Test
  void agreesWithBigIntegersOnRandomAndExtremeBlocks() {
    Random random = new Random(1305);
    for (int i = 0; i < 3000; i++) {
      byte[] key = octets(random, 32);
      byte[] text = octets(random, 16 * random.nextInt(24));
      assertThat(scalar(key, text)).isEqualTo(byBigIntegers(key, text));
    }
  }

  @Test
  void laneSumsAgreeWithBigIntegersOnRandomAndExtremeBlocks() {
    Random random = new Random(130);
    Poly1305 mac = new Poly1305();
    VectorPoly1305 lanes = new VectorPoly1305(mac);
    for (int i = 0; i < 3000; i++) {
      byte[] key = octets(random, 32);
      byte[] text = octets(random, VectorPoly1305.MIN_LENGTH + random.nextInt(600));
      byte[] expected = byBigIntegers(key, withLengths(text));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
        start(mac, key);
        lanes.message(memory.address(), text.length);
        assertThat(finish(mac)).as("length %d", text.length).isEqualTo(expected);
      }
    }
  }

  /** Random octets, or mostly ones or zeros, where carries run longest. */
  private static byte[] octets(Random random, int length) {
    byte[] octets = new byte[length];
    switch (random.nextInt(3)) {
      case 0 -> random.nextBytes(octets);
      case 1 -> Arrays.fill(octets, (byte) 0xff);
      default -> {
        Arrays.fill(octets, (byte) 0xff);
        for (int i = 0; i < length / 8; i++) {
          octets[random.nextInt(length)] = (byte) random.nextInt();
        }
      }
    }
    return octets;
  }

  private static byte[] withLengths(byte[] text) {
    int padded = (text.length + 15) & ~15;
    return ByteBuffer.allocate(padded + 16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(text)
        .putLong(padded + 8, text.length)
        .array();
  }

  private static byte[] scalar(byte[] key, byte[] wholeBlocks) {
    Poly1305 mac = new Poly1305();
    start(mac, key);
    mac.blocks(MemorySegment.ofArray(wholeBlocks), 0, wholeBlocks.length / 16);
    return finish(mac);
  }

  private static void start(Poly1305 mac, byte[] key) {
    ByteBuffer longs = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
    mac.start(longs.getLong(), longs.getLong(), longs.getLong(), longs.getLong());
  }

  private static byte[] finish(Poly1305 mac) {
    mac.finish();
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(mac.tag0())
        .putLong(mac.tag1())
        .array();
  }

  /** Section 2.5 word for word. */
  private static byte[] byBigIntegers(byte[] key, byte[] wholeBlocks) {
    BigInteger clamp = new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16);
    BigInteger r = number(Arrays.copyOf(key, 16)).and(clamp);
    BigInteger sum = BigInteger.ZERO;
    for (int at = 0; at < wholeBlocks.length; at += 16) {
      BigInteger block = number(Arrays.copyOfRange(wholeBlocks, at, at + 16)).setBit(128);
      sum = sum.add(block).multiply(r).mod(PRIME);
    }
    BigInteger tag = sum.add(number(Arrays.copyOfRange(key, 16, 32)));
    byte[] octets = new byte[16];
    for (int i = 0; i < 16; i++) {
      octets[i] = tag.shiftRight(8 * i).byteValue();
    }
    return octets;
  }

  private static BigInteger number(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    return new BigInteger(1, bigEndian);
  }
}
