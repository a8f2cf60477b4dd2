// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import io.gatehouse.control.Passphrase;
import io.gatehouse.daemon.tunnels.AtomicFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * For whom backups can be sealed by those who cannot read them: whoever knows a passphrase. What
 * Argon2id makes of it is a private key of X25519, and only the public one is kept. For each backup
 * a pair is made; its public key stands in the {@link Header}, and HKDF makes the backup's key of
 * what both pairs have in common (as ECIES and HPKE, RFC 9180, do).
 */
public final class Recipient {
  /** Octets of a public key. */
  static final int POINT = Agreement.POINT;

  /** Where it is kept, in the state directory. */
  static final String FILE = "backup-recipient";

  private static final String PURPOSE = "Gatehouse backup 2";

  /** As a backup's, but with the recipient's own public key. */
  private final Header header;

  private Recipient(Header header) {
    this.header = header;
  }

  /**
   * Whoever knows a passphrase. Takes about a second.
   *
   * @throws BackupException if it is too short to protect anything
   */
  public static Recipient of(Passphrase passphrase) throws BackupException {
    Header.Keyed keyed = Header.Keyed.fresh(passphrase);
    try {
      return new Recipient(keyed.header().with(Agreement.publicKey(keyed.key())));
    } finally {
      Arrays.fill(keyed.key(), (byte) 0);
    }
  }

  /**
   * The one that is kept.
   *
   * @param state the state directory
   * @throws BackupException if the file is not as it was written
   */
  static Optional<Recipient> kept(Path state) throws IOException, BackupException {
    try {
      InputStream in = new ByteArrayInputStream(Files.readAllBytes(state.resolve(FILE)));
      Header header = Header.read(in);
      if (header.point().length == POINT && in.read() < 0) {
        return Optional.of(new Recipient(header));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (BackupException e) {
      // Said below.
    }
    throw new BackupException(
        state.resolve(FILE) + " is damaged. Set the passphrase again: gatehouse backup-passphrase");
  }

  /**
   * Keeps it in the place of any other.
   *
   * @param state the state directory
   */
  public void keep(Path state) throws IOException {
    AtomicFile.write(state.resolve(FILE), header.octets());
  }

  /** For a new backup. */
  Header.Keyed seal() {
    byte[] own = Agreement.fresh();
    try {
      byte[] point = Agreement.publicKey(own);
      return new Header.Keyed(
          header.with(point),
          Agreement.key(own, header.point(), salt(point, header.point()), PURPOSE));
    } finally {
      Arrays.fill(own, (byte) 0);
    }
  }

  /**
   * The key of a backup, which the caller wipes.
   *
   * @param own the private key that comes from the passphrase; wiped
   * @param point of the backup's header
   * @throws BackupException if no Gatehouse writes that point
   */
  static byte[] open(byte[] own, byte[] point) throws BackupException {
    try {
      return Agreement.key(own, point, salt(point, Agreement.publicKey(own)), PURPOSE);
    } catch (IllegalArgumentException e) {
      throw new BackupException("the backup is damaged in its first octets. Take another copy.");
    } finally {
      Arrays.fill(own, (byte) 0);
    }
  }

  private static byte[] salt(byte[] point, byte[] recipient) {
    return ByteBuffer.allocate(2 * POINT).put(point).put(recipient).array();
  }
}
