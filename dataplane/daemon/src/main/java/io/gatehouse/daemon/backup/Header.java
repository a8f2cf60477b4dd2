// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.control.Passphrase;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The beginning of a backup: how its key comes from the passphrase. All of it is authenticated with
 * each piece of what follows; the checksum is there so that damage is not taken for a wrong
 * passphrase.
 *
 * @param memory of Argon2id in KiB
 * @param passes of Argon2id
 * @param lanes of Argon2id
 * @param salt 16 octets
 * @param check 16 octets that come from the passphrase as the key does, to know a wrong one by
 */
// Never compared; made, written and wiped in this package alone.
@SuppressWarnings("ArrayRecordComponent")
record Header(int memory, int passes, int lanes, byte[] salt, byte[] check) {
  /** Octets of a header. */
  static final int LENGTH = 64;

  private static final byte[] MAGIC = "GATEHOUSE BACKUP".getBytes(US_ASCII);
  private static final int VERSION = 1;
  private static final int SALT = 16;
  private static final int KEY = 32;
  private static final int CHECK = 16;

  // The second choice of RFC 9106, for machines with little memory: 64 MiB and 3 passes.
  private static final int USUAL_MEMORY = 64 << 10;
  private static final int USUAL_PASSES = 3;
  private static final int USUAL_LANES = 4;

  // What a file may ask for; a wrong one must not exhaust the machine.
  private static final int MOST_MEMORY = 128 << 10;
  private static final int MOST_PASSES = 16;
  private static final int MOST_LANES = 16;

  /**
   * A header and the key that belongs to it.
   *
   * @param key 32 octets, which the owner wipes
   */
  record Keyed(Header header, byte[] key) {
    /** For a new backup: what RFC 9106 recommends, and a salt that no other has. */
    static Keyed fresh(Passphrase passphrase) {
      byte[] salt = new byte[SALT];
      new SecureRandom().nextBytes(salt);
      Header bare = new Header(USUAL_MEMORY, USUAL_PASSES, USUAL_LANES, salt, new byte[CHECK]);
      byte[] derived = bare.derive(passphrase);
      byte[] check = Arrays.copyOfRange(derived, KEY, KEY + CHECK);
      byte[] key = Arrays.copyOf(derived, KEY);
      Arrays.fill(derived, (byte) 0);
      return new Keyed(new Header(USUAL_MEMORY, USUAL_PASSES, USUAL_LANES, salt, check), key);
    }
  }

  /**
   * Reads a header.
   *
   * @throws BackupException if it is none, or none that this version understands
   */
  static Header read(InputStream in) throws IOException, BackupException {
    byte[] octets = new byte[LENGTH];
    try {
      new DataInputStream(in).readFully(octets);
    } catch (EOFException e) {
      throw new BackupException(
          "this is no backup, or only the beginning of one: it ends within the first "
              + LENGTH
              + " octets. Take another copy.");
    }
    ByteBuffer fields = ByteBuffer.wrap(octets);
    byte[] magic = new byte[MAGIC.length];
    fields.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new BackupException(
          "this is no backup of Gatehouse, or its beginning is damaged. Take another file.");
    }
    if (ByteBuffer.wrap(octets).getInt(LENGTH - 4) != checksum(octets)) {
      throw new BackupException("the backup is damaged in its first octets. Take another copy.");
    }
    int version = fields.getShort();
    if (version != VERSION) {
      throw new BackupException(
          "the backup has format "
              + version
              + ", and this Gatehouse knows format "
              + VERSION
              + ". Restore it with the Gatehouse that made it, or a newer one.");
    }
    int lanes = fields.getShort();
    int memory = fields.getInt();
    int passes = fields.getInt();
    if (memory < 8 * lanes
        || memory > MOST_MEMORY
        || passes < 1
        || passes > MOST_PASSES
        || lanes < 1
        || lanes > MOST_LANES) {
      throw new BackupException(
          "the backup asks for more work than a passphrase is worth. It was not made by Gatehouse:"
              + " take another file.");
    }
    byte[] salt = new byte[SALT];
    fields.get(salt);
    byte[] check = new byte[CHECK];
    fields.get(check);
    return new Header(memory, passes, lanes, salt, check);
  }

  /** As it stands in the file. */
  byte[] octets() {
    ByteBuffer octets = ByteBuffer.allocate(LENGTH);
    octets.put(MAGIC).putShort((short) VERSION).putShort((short) lanes);
    octets.putInt(memory).putInt(passes).put(salt).put(check);
    octets.putInt(LENGTH - 4, checksum(octets.array()));
    return octets.array();
  }

  /**
   * The key of this backup, which the caller wipes; takes about a second.
   *
   * @throws BackupException if the passphrase is not the one that it was made with
   */
  byte[] key(Passphrase passphrase) throws BackupException {
    byte[] derived = derive(passphrase);
    try {
      if (!MessageDigest.isEqual(Arrays.copyOfRange(derived, KEY, KEY + CHECK), check)) {
        throw new BackupException(
            "the passphrase is not the one that the backup was made with. Nothing was changed.");
      }
      return Arrays.copyOf(derived, KEY);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /** Argon2id, version 0x13. */
  private byte[] derive(Passphrase passphrase) {
    char[] characters = passphrase.reveal();
    ByteBuffer encoded = UTF_8.encode(CharBuffer.wrap(characters));
    byte[] octets = new byte[encoded.remaining()];
    encoded.get(octets);
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] derived = new byte[KEY + CHECK];
    argon2.generateBytes(octets, derived);
    Arrays.fill(characters, '\0');
    Arrays.fill(octets, (byte) 0);
    encoded.clear();
    while (encoded.hasRemaining()) {
      encoded.put((byte) 0);
    }
    return derived;
  }

  private static int checksum(byte[] octets) {
    CRC32 crc = new CRC32();
    crc.update(octets, 0, LENGTH - 4);
    return (int) crc.getValue();
  }
}
