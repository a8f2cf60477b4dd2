// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  private static final byte[] SECRET = "12345678901234567890".getBytes(US_ASCII);
  private static final Instant NOW = Instant.ofEpochSecond(1_111_111_111);

  /** RFC 6238, appendix B, of which the last six digits count here. */
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void isWhatTheRfcSays(long second, String password) {
    assertThat(Totp.password(SECRET, Totp.step(Instant.ofEpochSecond(second)))).isEqualTo(password);
  }

  @Test
  void aClockMayDifferByOneStep() {
    long step = Totp.step(NOW);
    for (long good = step - 1; good <= step + 1; good++) {
      assertThat(Totp.verify(SECRET, Totp.password(SECRET, good), NOW, 0)).hasValue(good);
    }
    assertThat(Totp.verify(SECRET, Totp.password(SECRET, step - 2), NOW, 0)).isEmpty();
    assertThat(Totp.verify(SECRET, Totp.password(SECRET, step + 2), NOW, 0)).isEmpty();
  }

  @Test
  void aStepIsUsedOnceAndNoneBeforeIt() {
    long step = Totp.step(NOW);
    assertThat(Totp.verify(SECRET, Totp.password(SECRET, step), NOW, step)).isEmpty();
    assertThat(Totp.verify(SECRET, Totp.password(SECRET, step - 1), NOW, step)).isEmpty();
    assertThat(Totp.verify(SECRET, Totp.password(SECRET, step + 1), NOW, step)).isPresent();
  }

  @Test
  void blanksDoNotCount() {
    assertThat(Totp.verify(SECRET, " 050 471 ", NOW, 0)).isPresent();
    assertThat(Totp.verify(SECRET, "050472", NOW, 0)).isEmpty();
    assertThat(Totp.verify(SECRET, "", NOW, 0)).isEmpty();
  }

  /** RFC 4648, section 10, without the padding. */
  @ParameterizedTest
  @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB"})
  void writesBase32(String text, String base32) {
    assertThat(Totp.base32(text.getBytes(US_ASCII))).isEqualTo(base32);
  }

  @Test
  void readsWhatItWrites() {
    Random random = new Random(6238);
    for (int length = 0; length < 40; length++) {
      byte[] octets = new byte[length];
      random.nextBytes(octets);
      assertThat(Totp.fromBase32(Totp.base32(octets))).isEqualTo(octets);
    }
  }

  @Test
  void tellsAnAppAll() {
    assertThat(Totp.uri("erika", "[::1]:8443", SECRET))
        .isEqualTo(
            "otpauth://totp/Gatehouse:erika%40%5B%3A%3A1%5D%3A8443"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gatehouse"
                + "&algorithm=SHA1&digits=6&period=30");
  }
}
