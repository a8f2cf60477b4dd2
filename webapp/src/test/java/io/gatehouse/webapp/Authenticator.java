// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator app, written from RFC 6238 alone. */
final class Authenticator {
  private final byte[] secret;

  /**
   * Takes a secret.
   *
   * @param base32 as a page shows it, 32 digits and blanks
   */
  Authenticator(String base32) {
    BigInteger number = BigInteger.ZERO;
    String digits = base32.replace(" ", "");
    for (int i = 0; i < digits.length(); i++) {
      int digit = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digits.charAt(i));
      number = number.shiftLeft(5).or(BigInteger.valueOf(digit));
    }
    byte[] octets = number.toByteArray();
    secret = new byte[20];
    int length = Math.min(octets.length, 20);
    System.arraycopy(octets, octets.length - length, secret, 20 - length, length);
  }

  /** The password of now, or of so many steps later. */
  String password(int later) throws GeneralSecurityException {
    long step = System.currentTimeMillis() / 30_000 + later;
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(secret, "RAW"));
    byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
    int at = hash[19] & 15;
    long number =
        (hash[at] & 127L) << 24
            | (hash[at + 1] & 255L) << 16
            | (hash[at + 2] & 255L) << 8
            | hash[at + 3] & 255L;
    return String.format(Locale.ROOT, "%06d", number % 1_000_000);
  }
}
