// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.Blake2sDigest;

/**
 * The paper's section 5.4 a second time, line by line and in its notation, sharing no code with the
 * product: X25519 by the formulas of RFC 7748 on big integers, ChaCha20-Poly1305 of the JDK,
 * HChaCha20 and HMAC by hand. Only BLAKE2s is Bouncy Castle's.
 */
final class ReferenceNoise {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger A24 = BigInteger.valueOf(121665);

  private byte[] c = hash(ascii("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"));
  private byte[] h = hash(cat(c, ascii("WireGuard v1 zx2c4 Jason@zx2c4.com")));

  /** T_send and T_recv of the initiator. */
  byte[] initiatorSends = new byte[0];

  byte[] initiatorReceives = new byte[0];

  /** 5.4.2, without MACs: the octets of the message up to them. */
  byte[] initiation(
      int senderIndex, byte[] ei, byte[] si, byte[] sr, byte[] responderPublic, byte[] timestamp) {
    h = hash(cat(h, responderPublic));
    byte[] ephemeral = x25519(ei, base());
    c = kdf(c, ephemeral, 1)[0];
    h = hash(cat(h, ephemeral));
    byte[][] ck = kdf(c, x25519(ei, responderPublic), 2);
    c = ck[0];
    byte[] sealedStatic = seal(ck[1], 0, x25519(si, base()), h);
    h = hash(cat(h, sealedStatic));
    // By the responder's private key: both must agree.
    ck = kdf(c, x25519(sr, x25519(si, base())), 2);
    c = ck[0];
    byte[] sealedTimestamp = seal(ck[1], 0, timestamp, h);
    h = hash(cat(h, sealedTimestamp));
    return cat(new byte[] {1, 0, 0, 0}, le(senderIndex), ephemeral, sealedStatic, sealedTimestamp);
  }

  /** 5.4.3, without MACs; follows {@link #initiation}. */
  byte[] response(int senderIndex, int receiverIndex, byte[] er, byte[] ei, byte[] si, byte[] q) {
    byte[] ephemeral = x25519(er, base());
    c = kdf(c, ephemeral, 1)[0];
    h = hash(cat(h, ephemeral));
    c = kdf(c, x25519(er, x25519(ei, base())), 1)[0];
    c = kdf(c, x25519(er, x25519(si, base())), 1)[0];
    byte[][] ctk = kdf(c, q, 3);
    c = ctk[0];
    h = hash(cat(h, ctk[1]));
    byte[] empty = seal(ctk[2], 0, new byte[0], h);
    h = hash(cat(h, empty));
    byte[][] keys = kdf(c, new byte[0], 2);
    initiatorSends = keys[0];
    initiatorReceives = keys[1];
    return cat(new byte[] {2, 0, 0, 0}, le(senderIndex), le(receiverIndex), ephemeral, empty);
  }

  /** 5.4.4: appends MAC1 and MAC2; no cookie leaves MAC2 zero. */
  static byte[] withMacs(byte[] body, byte[] receiverPublic, byte[] cookie) {
    byte[] mac1 = mac(hash(cat(ascii("mac1----"), receiverPublic)), body);
    byte[] alpha = cat(body, mac1);
    return cat(alpha, cookie.length == 0 ? new byte[16] : mac(cookie, alpha));
  }

  /** 5.4.6. */
  static byte[] data(int receiverIndex, long counter, byte[] key, byte[] padded) {
    return cat(
        new byte[] {4, 0, 0, 0},
        le(receiverIndex),
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(counter).array(),
        seal(key, counter, padded, new byte[0]));
  }

  /** 5.4.7. */
  static byte[] cookieReply(
      int receiverIndex, byte[] nonce, byte[] senderPublic, byte[] cookie, byte[] mac1) {
    byte[] key = hash(cat(ascii("cookie--"), senderPublic));
    byte[] subkey = hchacha20(key, nonce);
    byte[] rest = cat(new byte[4], Arrays.copyOfRange(nonce, 16, 24));
    return cat(
        new byte[] {3, 0, 0, 0},
        le(receiverIndex),
        nonce,
        chacha20Poly1305(subkey, rest, cookie, mac1));
  }

  static byte[] mac(byte[] key, byte[] input) {
    return blake2s(new Blake2sDigest(key, 16, null, null), input, 16);
  }

  static byte[] hash(byte[] input) {
    return blake2s(new Blake2sDigest(256), input, 32);
  }

  private static byte[] blake2s(Blake2sDigest digest, byte[] input, int length) {
    digest.update(input, 0, input.length);
    byte[] out = new byte[length];
    digest.doFinal(out, 0);
    return out;
  }

  private static byte[] hmac(byte[] key, byte[] input) {
    byte[] inner = new byte[64];
    byte[] outer = new byte[64];
    Arrays.fill(inner, (byte) 0x36);
    Arrays.fill(outer, (byte) 0x5c);
    for (int i = 0; i < key.length; i++) {
      inner[i] ^= key[i];
      outer[i] ^= key[i];
    }
    return hash(cat(outer, hash(cat(inner, input))));
  }

  private static byte[][] kdf(byte[] key, byte[] input, int n) {
    byte[] t0 = hmac(key, input);
    byte[][] t = new byte[n][];
    byte[] last = new byte[0];
    for (int i = 0; i < n; i++) {
      last = hmac(t0, cat(last, new byte[] {(byte) (i + 1)}));
      t[i] = last;
    }
    return t;
  }

  private static byte[] seal(byte[] key, long counter, byte[] plaintext, byte[] associated) {
    byte[] nonce =
        ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putLong(counter).array();
    return chacha20Poly1305(key, nonce, plaintext, associated);
  }

  private static byte[] chacha20Poly1305(
      byte[] key, byte[] nonce, byte[] plaintext, byte[] associated) {
    try {
      Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
      cipher.updateAAD(associated);
      return cipher.doFinal(plaintext);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hchacha20(byte[] key, byte[] nonce) {
    ByteBuffer in =
        ByteBuffer.wrap(cat(ascii("expand 32-byte k"), key, Arrays.copyOf(nonce, 16)))
            .order(ByteOrder.LITTLE_ENDIAN);
    int[] x = new int[16];
    in.asIntBuffer().get(x);
    for (int i = 0; i < 10; i++) {
      for (int q = 0; q < 4; q++) {
        quarter(x, q, 4 + q, 8 + q, 12 + q);
      }
      for (int q = 0; q < 4; q++) {
        quarter(x, q, 4 + (q + 1) % 4, 8 + (q + 2) % 4, 12 + (q + 3) % 4);
      }
    }
    ByteBuffer out = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 4; i++) {
      out.putInt(4 * i, x[i]).putInt(16 + 4 * i, x[12 + i]);
    }
    return out.array();
  }

  private static void quarter(int[] x, int a, int b, int c, int d) {
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 7);
  }

  static byte[] base() {
    byte[] nine = new byte[32];
    nine[0] = 9;
    return nine;
  }

  /** RFC 7748, section 5. */
  static byte[] x25519(byte[] secret, byte[] point) {
    byte[] k = secret.clone();
    k[0] &= (byte) 248;
    k[31] &= 127;
    k[31] |= 64;
    byte[] u = point.clone();
    u[31] &= 127;
    BigInteger scalar = number(k);
    BigInteger x1 = number(u).mod(P);
    BigInteger x2 = BigInteger.ONE;
    BigInteger z2 = BigInteger.ZERO;
    BigInteger x3 = x1;
    BigInteger z3 = BigInteger.ONE;
    boolean swap = false;
    for (int t = 254; t >= 0; t--) {
      boolean bit = scalar.testBit(t);
      if (swap != bit) {
        BigInteger x = x2;
        x2 = x3;
        x3 = x;
        BigInteger z = z2;
        z2 = z3;
        z3 = z;
      }
      swap = bit;
      BigInteger a = x2.add(z2).mod(P);
      BigInteger aa = a.multiply(a).mod(P);
      BigInteger b = x2.subtract(z2).mod(P);
      BigInteger bb = b.multiply(b).mod(P);
      BigInteger e = aa.subtract(bb).mod(P);
      BigInteger da = x3.subtract(z3).multiply(a).mod(P);
      BigInteger cb = x3.add(z3).multiply(b).mod(P);
      x3 = da.add(cb).pow(2).mod(P);
      z3 = x1.multiply(da.subtract(cb).pow(2)).mod(P);
      x2 = aa.multiply(bb).mod(P);
      z2 = e.multiply(aa.add(A24.multiply(e))).mod(P);
    }
    BigInteger x = swap ? x3 : x2;
    BigInteger z = swap ? z3 : z2;
    byte[] big = x.multiply(z.modPow(P.subtract(BigInteger.TWO), P)).mod(P).toByteArray();
    byte[] out = new byte[32];
    for (int i = 0; i < Math.min(32, big.length); i++) {
      out[i] = big[big.length - 1 - i];
    }
    return out;
  }

  private static BigInteger number(byte[] littleEndian) {
    byte[] big = new byte[littleEndian.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = littleEndian[big.length - 1 - i];
    }
    return new BigInteger(1, big);
  }

  static byte[] cat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] le(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
