// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Opens a passphrase that was sealed as docs/control.md says, by nothing but the JDK. */
final class Sealing {
  private static final int POINT = 32;

  private final KeyPair own;

  Sealing() {
    try {
      own = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] point() {
    return turned(((XECPublicKey) own.getPublic()).getU().toByteArray());
  }

  String publicKey() {
    return Base64.getEncoder().encodeToString(point());
  }

  String open(String sealed) {
    byte[] octets = Base64.getDecoder().decode(sealed);
    byte[] sender = Arrays.copyOf(octets, POINT);
    try {
      KeyAgreement agreement = KeyAgreement.getInstance("X25519");
      agreement.init(own.getPrivate());
      agreement.doPhase(
          KeyFactory.getInstance("X25519")
              .generatePublic(
                  new XECPublicKeySpec(
                      NamedParameterSpec.X25519, new BigInteger(1, turned(sender)))),
          true);
      byte[] key =
          KDF.getInstance("HKDF-SHA256")
              .deriveData(
                  HKDFParameterSpec.ofExtract()
                      .addIKM(agreement.generateSecret())
                      .addSalt(ByteBuffer.allocate(2 * POINT).put(sender).put(point()).array())
                      .thenExpand("Gatehouse passphrase".getBytes(UTF_8), 32));
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(128, new byte[12]));
      return new String(cipher.doFinal(octets, POINT, octets.length - POINT), UTF_8);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("what the page sealed does not open", e);
    }
  }

  /** The 32 octets of lowest value, the other way round. */
  private static byte[] turned(byte[] octets) {
    byte[] turned = new byte[POINT];
    for (int i = 0; i < Math.min(POINT, octets.length); i++) {
      turned[i] = octets[octets.length - 1 - i];
    }
    return turned;
  }
}
