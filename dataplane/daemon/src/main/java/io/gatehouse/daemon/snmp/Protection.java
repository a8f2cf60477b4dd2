// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.AuthHMAC256SHA384;
import org.snmp4j.security.AuthHMAC384SHA512;
import org.snmp4j.security.AuthenticationProtocol;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.PrivAES256;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;

/**
 * How a user's messages are protected: HMAC-SHA-2 (RFC 7860) and AES-CFB. AES-128 is RFC 3826's;
 * AES-256 is no RFC but has one form that net-snmp and most others share (Blumenthal's draft).
 * Everything older is not known here at all.
 */
record Protection(Auth auth, Priv priv) {
  /** What a user has unless something else is said. */
  static final Protection USUAL = new Protection(Auth.SHA_256, Priv.AES_128);

  /** Authentication. */
  enum Auth {
    SHA_256("SHA-256", 32),
    SHA_384("SHA-384", 48),
    SHA_512("SHA-512", 64);

    private final String text;
    private final int keyOctets;

    Auth(String text, int keyOctets) {
      this.text = text;
      this.keyOctets = keyOctets;
    }

    private AuthenticationProtocol protocol() {
      return switch (this) {
        case SHA_256 -> new AuthHMAC192SHA256();
        case SHA_384 -> new AuthHMAC256SHA384();
        case SHA_512 -> new AuthHMAC384SHA512();
      };
    }
  }

  /** Privacy. */
  enum Priv {
    AES_128("AES-128", 16),
    AES_256("AES-256", 32);

    private final String text;
    private final int keyOctets;

    Priv(String text, int keyOctets) {
      this.text = text;
      this.keyOctets = keyOctets;
    }
  }

  /** All of them and nothing else, for one engine. */
  static SecurityProtocols protocols() {
    SecurityProtocols protocols = new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.none);
    for (Auth auth : Auth.values()) {
      protocols.addAuthenticationProtocol(auth.protocol());
    }
    protocols.addPrivacyProtocol(new PrivAES128());
    protocols.addPrivacyProtocol(new PrivAES256());
    return protocols;
  }

  /**
   * Finds one by its two names.
   *
   * @throws IllegalArgumentException if one is not known; says which there are
   */
  static Protection of(String auth, String priv) {
    Auth foundAuth =
        Arrays.stream(Auth.values())
            .filter(known -> known.text.equals(auth))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "authentication is one of SHA-256, SHA-384, SHA-512"));
    Priv foundPriv =
        Arrays.stream(Priv.values())
            .filter(known -> known.text.equals(priv))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("privacy is one of AES-128, AES-256"));
    return new Protection(foundAuth, foundPriv);
  }

  String authName() {
    return auth.text;
  }

  String privName() {
    return priv.text;
  }

  OID authId() {
    return auth.protocol().getID();
  }

  OID privId() {
    return priv == Priv.AES_128 ? PrivAES128.ID : PrivAES256.ID;
  }

  /** Whether keys have the lengths that this needs. */
  boolean fits(byte[] authKey, byte[] privKey) {
    return authKey.length == auth.keyOctets && privKey.length == priv.keyOctets;
  }

  /**
   * The two keys of a user for one engine (RFC 3414, section 2.6).
   *
   * @return authentication key, privacy key
   */
  List<OctetString> localised(String authPassphrase, String privPassphrase, byte[] engine) {
    byte[] priv = key(privPassphrase, engine);
    try {
      return List.of(
          new OctetString(key(authPassphrase, engine)),
          new OctetString(Arrays.copyOf(priv, this.priv.keyOctets)));
    } finally {
      Arrays.fill(priv, (byte) 0);
    }
  }

  private byte[] key(String passphrase, byte[] engine) {
    return auth.protocol()
        .passwordToKey(new OctetString(passphrase.getBytes(StandardCharsets.UTF_8)), engine);
  }
}
