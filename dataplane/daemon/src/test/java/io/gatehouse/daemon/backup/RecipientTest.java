// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.Passphrase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that are sealed by those who cannot read them. */
class RecipientTest {
  private static final String RIGHT = "correct horse battery";

  @TempDir private Path state;

  @Test
  void whoKnowsThePassphraseReadsWhatWasSealed() throws Exception {
    Recipient.of(passphrase(RIGHT)).keep(state);
    byte[] first = seal("a letter");
    byte[] second = seal("a letter");

    assertThat(open(first, RIGHT)).isEqualTo("a letter");
    assertThat(open(second, RIGHT)).isEqualTo("a letter");
    assertThat(first).isNotEqualTo(second);
    assertThatThrownBy(() -> open(first, "wrong horse battery"))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("passphrase");
  }

  /** With a cheap way from the passphrase to the key, so that each octet can be tried. */
  @Test
  void nothingOpensAfterAnyOctetIsChangedOrCutOff() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    byte[] sealed = seal("a letter of some length");
    assertThat(open(sealed, RIGHT)).isEqualTo("a letter of some length");

    for (int i = 0; i < sealed.length; i++) {
      byte[] damaged = sealed.clone();
      damaged[i] ^= 4;
      assertThatThrownBy(() -> open(damaged, RIGHT))
          .as("octet %d", i)
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(BackupException.class),
              e -> assertThat(e).isInstanceOf(SealedInput.DamagedException.class));
      byte[] cut = Arrays.copyOf(sealed, i);
      assertThatThrownBy(() -> open(cut, RIGHT))
          .as("%d octets", i)
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(BackupException.class),
              e -> assertThat(e).isInstanceOf(SealedInput.DamagedException.class));
    }
  }

  @Test
  void whatIsKeptHoldsNothingToReadBackupsBy() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    byte[] kept = Files.readAllBytes(state.resolve(Recipient.FILE));

    byte[] key = Header.read(new ByteArrayInputStream(kept)).derive(passphrase(RIGHT));
    assertThat(kept).hasSize(Header.LENGTH + Recipient.POINT);
    assertThat(new String(kept, ISO_8859_1))
        .doesNotContain(RIGHT, new String(Arrays.copyOf(key, Header.KEY), ISO_8859_1));
  }

  @Test
  void aDamagedRecipientIsNamedAndNobodyIsSealedTo() throws Exception {
    assertThat(Recipient.kept(state)).isEmpty();
    Files.writeString(state.resolve(Recipient.FILE), "x");

    assertThatThrownBy(() -> Recipient.kept(state))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("gatehouse backup-passphrase");
  }

  @Test
  void aShortPassphraseIsNone() {
    assertThatThrownBy(() -> Recipient.of(passphrase("seven77")))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("less than 8 characters");
  }

  private byte[] seal(String text) throws IOException, BackupException {
    Header.Keyed keyed = Recipient.kept(state).orElseThrow().seal();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SealedOutput sealed = new SealedOutput(out, keyed.header(), keyed.key());
    sealed.write(text.getBytes(UTF_8));
    sealed.finish();
    return out.toByteArray();
  }

  private static String open(byte[] sealed, String passphrase) throws IOException, BackupException {
    ByteArrayInputStream in = new ByteArrayInputStream(sealed);
    Header header = Header.read(in);
    return new String(
        new SealedInput(in, header, header.key(passphrase(passphrase))).readAllBytes(), UTF_8);
  }

  private static Passphrase passphrase(String text) {
    return Passphrase.of(text.toCharArray());
  }
}
