// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PrimitivesTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void hashIsBlake2s256OfRfc7693() {
    assertThat(HEX.formatHex(Primitives.hash(Primitives.ascii("abc"))))
        .isEqualTo("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
  }

  @Test
  void theConstructionHashesToTheKnownInitialValues() {
    byte[] chain = Primitives.hash(Primitives.ascii("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"));
    byte[] hash = Primitives.hash(chain, Primitives.ascii("WireGuard v1 zx2c4 Jason@zx2c4.com"));
    assertThat(HEX.formatHex(chain))
        .isEqualTo("60e26daef327efc02ec335e2a025d2d016eb4206f87277f52d38d1988b78cd36");
    assertThat(HEX.formatHex(hash))
        .isEqualTo("2211b361081ac566691243db458ad5322d9c6c662293e8b70ee19c65ba079ef3");
  }

  @Test
  void dhIsX25519OfRfc7748() {
    // RFC 7748, 5.2, first vector
    byte[] out = new byte[32];
    boolean good =
        Primitives.dh(
            HEX.parseHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
            HEX.parseHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
            out);
    assertThat(good).isTrue();
    assertThat(HEX.formatHex(out))
        .isEqualTo("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  }

  @Test
  void lowOrderPointsGiveNoSharedSecret() {
    byte[] secret = new byte[32];
    secret[5] = 9;
    Primitives.clamp(secret);
    for (String point : LowOrder.POINTS) {
      assertThat(Primitives.dh(secret, HEX.parseHex(point), new byte[32])).as(point).isFalse();
    }
  }

  @Test
  void kdfIsHkdfWithChainedOutputs() {
    byte[] key = new byte[32];
    byte[] input = Primitives.ascii("input");
    Hmac secret = new Hmac(new Hmac(key).mac(input));
    byte[] first = secret.mac(new byte[] {1});
    byte[] second = secret.mac(first, new byte[] {2});
    byte[][] derived = Primitives.kdf(3, key, input);
    assertThat(derived[0]).isEqualTo(first);
    assertThat(derived[1]).isEqualTo(second);
    assertThat(derived[2]).isEqualTo(secret.mac(second, new byte[] {3}));
  }

  @Test
  void cookiesAreSealedWithXChaCha20Poly1305OfItsDraft() {
    // draft-irtf-cfrg-xchacha-03, A.3.1
    byte[] sealed =
        Primitives.xseal(
            HEX.parseHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
            HEX.parseHex("404142434445464748494a4b4c4d4e4f5051525354555657"),
            Primitives.ascii(
                "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for"
                    + " the future, sunscreen would be it."),
            HEX.parseHex("50515253c0c1c2c3c4c5c6c7"));
    assertThat(HEX.formatHex(sealed))
        .startsWith("bd6d179d3e83d43b9576579493c0e939")
        .endsWith("c0875924c1c7987947deafd8780acf49");
  }
}
