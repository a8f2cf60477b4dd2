// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * X25519 by the Montgomery ladder of RFC 7748, section 5, whose names these are. Takes the same
 * steps whatever the secret is: its bits choose by masks, never by branch or index.
 */
final class X25519 {
  private static final int A24 = 121665;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final FieldElement x1 = new FieldElement();
  private final FieldElement x2 = new FieldElement();
  private final FieldElement z2 = new FieldElement();
  private final FieldElement x3 = new FieldElement();
  private final FieldElement z3 = new FieldElement();
  private final FieldElement a = new FieldElement();
  private final FieldElement b = new FieldElement();
  private final FieldElement c = new FieldElement();
  private final FieldElement d = new FieldElement();

  /** Whether two at once go side by side: once {@link DiffieHellman} has seen that it pays. */
  private static volatile boolean inLanes;

  private X25519() {}

  static void inLanes(boolean yes) {
    inLanes = yes;
  }

  static boolean inLanes() {
    return inLanes;
  }

  /**
   * The shared secret of a private key and somebody's public key.
   *
   * @param secret 32 octets, clamped here
   * @param point 32 octets, of which the highest bit does not count
   * @param out where to, 32 octets
   * @return whether the result is not all zero; a zero one must never be used
   */
  static boolean agree(byte[] secret, byte[] point, byte[] out) {
    long[] k = clamped(secret);
    X25519 ladder = new X25519();
    ladder.climb(k, point, out);
    ladder.wipe();
    Arrays.fill(k, 0);
    return isNotZero(out);
  }

  /**
   * Two shared secrets at once, which may cost much less than one after the other.
   *
   * @param out1 where the first goes; not an array of another argument
   * @return whether neither result is all zero; if one is, neither must be used
   */
  static boolean agreeBoth(
      byte[] secret1, byte[] point1, byte[] out1, byte[] secret2, byte[] point2, byte[] out2) {
    if (inLanes) {
      return X25519Lanes.agreeBoth(secret1, point1, out1, secret2, point2, out2);
    }
    DiffieHellman.countPlain();
    boolean first = agree(secret1, point1, out1);
    return agree(secret2, point2, out2) && first;
  }

  static boolean isNotZero(byte[] octets) {
    long any = 0;
    for (byte octet : octets) {
      any |= octet;
    }
    return any != 0;
  }

  static long[] clamped(byte[] secret) {
    return new long[] {
      (long) LONG.get(secret, 0) & -8,
      (long) LONG.get(secret, 8),
      (long) LONG.get(secret, 16),
      (long) LONG.get(secret, 24) & Long.MAX_VALUE | 1L << 62
    };
  }

  private void climb(long[] k, byte[] u, byte[] out) {
    x1.decode(u);
    x2.set(1);
    z2.set(0);
    x3.set(x1);
    z3.set(1);
    long swapped = 0;
    for (int t = 254; t >= 0; t--) {
      long bit = k[t >> 6] >>> t & 1;
      FieldElement.swap(x2, x3, -(bit ^ swapped));
      FieldElement.swap(z2, z3, -(bit ^ swapped));
      swapped = bit;
      step();
    }
    // The lowest bit is clear, so nothing is left to swap.
    a.invert(z2);
    x2.multiply(x2, a);
    x2.encode(out);
  }

  /** Doubles the point of x2 and z2, and adds it to the one of x3 and z3. */
  private void step() {
    a.add(x2, z2);
    b.subtract(x2, z2);
    c.add(x3, z3);
    d.subtract(x3, z3);
    d.multiply(d, a); // DA
    c.multiply(c, b); // CB
    a.square(a); // AA
    b.square(b); // BB
    x3.add(d, c);
    x3.square(x3);
    z3.subtract(d, c);
    z3.square(z3);
    z3.multiply(z3, x1);
    x2.multiply(a, b);
    b.subtract(a, b); // E
    z2.multiply(b, A24);
    z2.add(z2, a);
    z2.multiply(z2, b);
  }

  private void wipe() {
    for (FieldElement element : new FieldElement[] {x1, x2, z2, x3, z3, a, b, c, d}) {
      element.set(0);
    }
  }
}
