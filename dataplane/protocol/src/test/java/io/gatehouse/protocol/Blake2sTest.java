// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

/** BLAKE2s and HMAC upon it, against RFC 7693 and against Bouncy Castle. */
class Blake2sTest {
  /** Messages up to this length end everywhere in the first, second, and later blocks. */
  private static final int LONGEST = 300;

  private final Random random = new Random(7693);

  private byte[] octets(int length) {
    byte[] out = new byte[length];
    random.nextBytes(out);
    return out;
  }

  private static byte[] expected(Blake2sDigest digest, byte[] input) {
    byte[] out = new byte[digest.getDigestSize()];
    digest.update(input, 0, input.length);
    digest.doFinal(out, 0);
    return out;
  }

  /** Appendix E of RFC 7693. */
  private static byte[] sequence(int length, int seed) {
    byte[] out = new byte[length];
    int a = 0xDEAD4BAD * seed;
    int b = 1;
    for (int i = 0; i < length; i++) {
      int t = a + b;
      a = b;
      b = t;
      out[i] = (byte) (t >>> 24);
    }
    return out;
  }

  @Test
  void theSelfTestOfRfc7693AppendixE() {
    Blake2s all = new Blake2s(32);
    for (int length : new int[] {16, 20, 28, 32}) {
      for (int input : new int[] {0, 3, 64, 65, 255, 1024}) {
        byte[] message = sequence(input, input);
        byte[] key = sequence(length, length);
        all.update(new Blake2s(length).update(message).digest());
        all.update(Blake2s.keyed(key, length).update(message).digest());
      }
    }
    assertThat(HexFormat.of().formatHex(all.digest()))
        .isEqualTo("6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe");
  }

  @Test
  void messagesOfEachLengthAsBouncyCastle() {
    for (int length = 0; length <= LONGEST; length++) {
      byte[] message = octets(length);
      assertThat(new Blake2s(32).update(message).digest())
          .as("%d octets", length)
          .isEqualTo(expected(new Blake2sDigest(256), message));
    }
  }

  @Test
  void keyedMessagesOfEachLengthAsBouncyCastle() {
    for (int length = 0; length <= LONGEST; length++) {
      byte[] message = octets(length);
      byte[] key = octets(1 + length % 32);
      assertThat(Blake2s.keyed(key, 16).update(message).digest())
          .as("%d octets", length)
          .isEqualTo(expected(new Blake2sDigest(key, 16, null, null), message));
    }
  }

  @Test
  void aMessageMayComeInAnyPieces() {
    for (int round = 0; round < 300; round++) {
      byte[] message = octets(LONGEST);
      Blake2s digest = new Blake2s(32);
      int at = 0;
      while (at < LONGEST) {
        int part = Math.min(LONGEST - at, random.nextInt(130));
        digest.update(message, at, part);
        at += part;
      }
      assertThat(digest.digest()).isEqualTo(expected(new Blake2sDigest(256), message));
    }
  }

  @Test
  void aKeyedStateServesManyMessages() {
    byte[] key = octets(32);
    Blake2s state = Blake2s.keyed(key, 16).settle();
    for (int length = 1; length <= LONGEST; length++) {
      byte[] message = octets(length);
      assertThat(state.copy().update(message).digest())
          .isEqualTo(expected(new Blake2sDigest(key, 16, null, null), message));
    }
  }

  @Test
  void hmacAsBouncyCastle() {
    for (int keyLength : new int[] {0, 1, 32, 63, 64}) {
      byte[] key = octets(keyLength);
      Hmac hmac = new Hmac(key);
      for (int length = 0; length <= LONGEST; length++) {
        byte[] message = octets(length);
        HMac reference = new HMac(new Blake2sDigest(256));
        reference.init(new KeyParameter(key));
        reference.update(message, 0, length);
        byte[] expected = new byte[32];
        reference.doFinal(expected, 0);
        byte[] head = Arrays.copyOf(message, length / 2);
        byte[] tail = Arrays.copyOfRange(message, length / 2, length);
        assertThat(hmac.mac(head, tail)).isEqualTo(expected);
      }
    }
  }
}
