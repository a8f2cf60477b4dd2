// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueTypesTest {
  @Test
  void keysSurviveTheirTextForms() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      byte[] octets = new byte[32];
      random.nextBytes(octets);
      PublicKey key = PublicKey.of(octets);
      assertThat(key.toString()).isEqualTo(Base64.getEncoder().encodeToString(octets));
      assertThat(PublicKey.parse(key.toString())).isEqualTo(key).hasSameHashCodeAs(key);
      assertThat(PublicKey.parseHex(key.hex())).isEqualTo(key);
      SecretKey secret = SecretKey.of(octets);
      assertThat(SecretKey.parse(secret.revealBase64())).isEqualTo(secret);
      assertThat(SecretKey.parseHex(secret.revealHex())).isEqualTo(secret);
    }
  }

  @Test
  void aKeyHasOneSpellingOnly() {
    String good = "fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=";
    assertThat(PublicKey.parse(good)).hasToString(good);
    for (String bad :
        List.of(
            "",
            "x",
            good.substring(1),
            good + "=",
            good.replace("Ds=", "Dt="),
            good.replace('/', '_'),
            "=".repeat(44))) {
      assertThatThrownBy(() -> PublicKey.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void secretsAreMaskedComparedAndWiped() {
    SecretKey secret = SecretKey.parse("6K2bvaCBiLb8XIyPq0qHnkRTRtqlNKFpT0DsBLVbdXg=");
    assertThat(secret).hasToString("(hidden)").hasSameHashCodeAs(SecretKey.of(new byte[32]));
    assertThat(secret).isNotEqualTo(SecretKey.of(new byte[32]));
    assertThatThrownBy(() -> SecretKey.parse("6K2bvaCBiLb8XIyPq0qHnkRTRtqlNKFpT0DsBLVbd!!="))
        .hasMessageNotContaining("6K2b");
    assertThat(secret.isZero()).isFalse();
    secret.wipe();
    assertThat(secret.isZero()).isTrue();
  }

  @Test
  void addressesReadAndWriteAsTheJdkDoes() throws UnknownHostException {
    Random random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
      for (int j = 0; j < octets.length; j++) {
        // Many zeros, so that runs of every length and place occur.
        octets[j] = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : 0;
      }
      InetAddress address = InetAddress.getByAddress(octets);
      if (address.getAddress().length == octets.length) {
        String text = IpLiteral.format(address);
        assertThat(IpLiteral.parse(text)).isEqualTo(address);
        assertThat(InetAddress.ofLiteral(text)).isEqualTo(address);
        assertThat(IpLiteral.parse(address.getHostAddress())).isEqualTo(address);
      }
    }
  }

  @Test
  void addressesAreWrittenAsRfc5952Says() {
    for (String text :
        List.of(
            "::",
            "::1",
            "1::",
            "2001:db8::1",
            "2001:db8:0:1:1:1:1:1",
            "2001:0:0:1::1",
            "2001:db8::1:0:0:1",
            "fe80::",
            "10.0.0.1")) {
      assertThat(IpLiteral.format(IpLiteral.parse(text))).isEqualTo(text);
    }
  }

  @Test
  void onlyStrictLiteralsAreAddresses() {
    for (String bad :
        List.of(
            "",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "01.2.3.4",
            "00.2.3.4",
            "1..2.3",
            "1.2.3.",
            ".1.2.3",
            "1.2.3.4 ",
            "1000.1.1.1",
            "0x1.2.3.4",
            "localhost",
            "::g",
            "1::2::3",
            "[::1]",
            "fe80::1%lo",
            "00001::1",
            "::01.2.3.4",
            "1:2:3:4:5:6:7:8::",
            "1::2::3",
            ":1::",
            "1:",
            ":",
            ":::")) {
      assertThatThrownBy(() -> IpLiteral.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void prefixesMaskAndContain() {
    assertThat(Prefix.parse("10.1.2.3")).hasToString("10.1.2.3/32");
    assertThat(Prefix.parse("10.1.2.3/8").masked()).hasToString("10.0.0.0/8");
    assertThat(Prefix.parse("10.1.2.3/032")).hasToString("10.1.2.3/32");
    assertThat(Prefix.parse("2001:db8:ffff::1/33").masked()).hasToString("2001:db8:8000::/33");
    assertThat(Prefix.parse("0.0.0.0/0").contains(Prefix.parse("192.0.2.1"))).isTrue();
    assertThat(Prefix.parse("10.0.0.0/8").contains(Prefix.parse("11.0.0.0/8"))).isFalse();
    assertThat(Prefix.parse("10.0.0.0/8").contains(Prefix.parse("10.0.0.0/7"))).isFalse();
    assertThat(Prefix.parse("::/0").contains(Prefix.parse("10.0.0.1"))).isFalse();
    for (String bad :
        List.of(
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "10.0.0.0/99999999999",
            "::/129",
            "/8")) {
      assertThatThrownBy(() -> Prefix.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void maskedPrefixesContainWhatWasMasked() throws UnknownHostException {
    Random random = new Random(5);
    for (int i = 0; i < 5000; i++) {
      byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(octets);
      Prefix prefix =
          new Prefix(InetAddress.getByAddress(octets), random.nextInt(8 * octets.length + 1));
      assertThat(prefix.masked().contains(prefix)).isTrue();
      assertThat(prefix.masked().masked()).isEqualTo(prefix.masked());
      assertThat(Prefix.parse(prefix.toString())).isEqualTo(prefix);
    }
  }
}
