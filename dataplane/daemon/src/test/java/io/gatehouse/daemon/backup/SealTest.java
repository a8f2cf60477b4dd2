// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.Passphrase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pieces of a backup, and its header. */
class SealTest {
  private static final Header HEADER = new Header(8, 1, 1, new byte[16], new byte[16]);
  private static final byte[] KEY = new byte[32];

  @ParameterizedTest
  @ValueSource(ints = {0, 1, Seal.PIECE - 1, Seal.PIECE, Seal.PIECE + 1, 3 * Seal.PIECE + 17})
  void whatIsSealedOpensAgain(int length) throws IOException {
    byte[] clear = random(length);

    assertThat(open(seal(clear))).isEqualTo(clear);
  }

  @Test
  void nothingOpensAfterAnyOctetIsChanged() throws IOException {
    byte[] sealed = seal(random(300));
    for (int i = 0; i < sealed.length; i++) {
      byte[] damaged = sealed.clone();
      damaged[i] ^= 1;
      assertThatThrownBy(() -> open(damaged)).isInstanceOf(SealedInput.DamagedException.class);
    }
  }

  @Test
  void nothingOpensWithoutItsEnd() throws IOException {
    byte[] sealed = seal(random(2 * Seal.PIECE + 100));
    for (int length :
        new int[] {
          0,
          1,
          16,
          17,
          Seal.PIECE + 15,
          Seal.PIECE + 16,
          Seal.PIECE + 17,
          2 * (Seal.PIECE + 16),
          sealed.length - 1
        }) {
      assertThatThrownBy(() -> open(Arrays.copyOf(sealed, length)))
          .as("%d octets", length)
          .isInstanceOf(SealedInput.DamagedException.class);
    }
    assertThatThrownBy(() -> open(Arrays.copyOf(sealed, sealed.length + 1)))
        .isInstanceOf(SealedInput.DamagedException.class);
  }

  @Test
  void piecesDoNotOpenInAnotherOrder() throws IOException {
    byte[] sealed = seal(random(3 * Seal.PIECE));
    int piece = Seal.PIECE + Seal.TAG;
    byte[] turned = sealed.clone();
    System.arraycopy(sealed, 0, turned, piece, piece);
    System.arraycopy(sealed, piece, turned, 0, piece);

    assertThatThrownBy(() -> open(turned)).isInstanceOf(SealedInput.DamagedException.class);
  }

  @Test
  void nothingOpensUnderAnotherHeader() throws IOException {
    byte[] sealed = seal(random(10));
    Header other = new Header(16, 1, 1, new byte[16], new byte[16]);

    assertThatThrownBy(
            () -> new SealedInput(new ByteArrayInputStream(sealed), other, KEY).readAllBytes())
        .isInstanceOf(SealedInput.DamagedException.class);
  }

  @Test
  void theHeaderReadsAsItWasWritten() throws Exception {
    Header.Keyed made = Header.Keyed.fresh(passphrase("correct horse"));

    Header read = Header.read(new ByteArrayInputStream(made.header().octets()));

    assertThat(read.octets()).isEqualTo(made.header().octets()).hasSize(Header.LENGTH);
    assertThat(read.key(passphrase("correct horse"))).isEqualTo(made.key());
    assertThatThrownBy(() -> read.key(passphrase("correct house")))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("passphrase");
  }

  @Test
  void aHeaderThatIsDamagedAnywhereIsRefused() {
    byte[] octets = HEADER.octets();
    for (int i = 0; i < octets.length; i++) {
      byte[] damaged = octets.clone();
      damaged[i] ^= 4;
      assertThatThrownBy(() -> Header.read(new ByteArrayInputStream(damaged)))
          .as("octet %d", i)
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("damaged");
    }
    for (int length = 0; length < octets.length; length++) {
      byte[] cut = Arrays.copyOf(octets, length);
      assertThatThrownBy(() -> Header.read(new ByteArrayInputStream(cut)))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("beginning");
    }
  }

  @Test
  void aHeaderThatAsksForTooMuchIsRefused() {
    for (Header greedy :
        new Header[] {
          new Header(1 << 30, 3, 4, new byte[16], new byte[16]),
          new Header(1 << 16, 1 << 20, 4, new byte[16], new byte[16]),
          new Header(1 << 16, 3, 1000, new byte[16], new byte[16]),
          new Header(1 << 16, 3, 0, new byte[16], new byte[16]),
          new Header(8, 3, 4, new byte[16], new byte[16])
        }) {
      assertThatThrownBy(() -> Header.read(new ByteArrayInputStream(greedy.octets())))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("not made by Gatehouse");
    }
  }

  private static Passphrase passphrase(String text) {
    return Passphrase.of(text.toCharArray());
  }

  private static byte[] random(int length) {
    byte[] octets = new byte[length];
    new Random(length).nextBytes(octets);
    return octets;
  }

  private static byte[] seal(byte[] clear) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SealedOutput sealed = new SealedOutput(out, HEADER, KEY);
    sealed.write(clear);
    sealed.finish();
    return Arrays.copyOfRange(out.toByteArray(), Header.LENGTH, out.size());
  }

  private static byte[] open(byte[] sealed) throws IOException {
    return new SealedInput(new ByteArrayInputStream(sealed), HEADER, KEY).readAllBytes();
  }
}
