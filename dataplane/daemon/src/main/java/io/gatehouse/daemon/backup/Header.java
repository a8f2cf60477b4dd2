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
 * @param point nothing where the key comes from the passphrase alone; else the public key of the
 *     pair that was made for this backup, 32 octets, see {@link Recipient}
 */
// Never compared; made, written and wiped in this package alone.
@SuppressWarnings("ArrayRecordComponent")
record Header(int memory, int passes, int lanes, byte[] salt, byte[] check, byte[] point) {
  /** Octets of a header without a point. */
  static final int LENGTH = 64;

  private static final int SHORTEST_PASSPHRASE = 8;
  private static final byte[] MAGIC = "GATEHOUSE BACKUP".getBytes(US_ASCII);
  private static final int BY_PASSPHRASE = 1;
  private static final int BY_RECIPIENT = 2;
  private static final int SALT = 16;
  static final int KEY = 32;
  private static final int CHECK = 16;

  // The second choice of RFC 9106, for machines with little memory: 64 MiB and 3 passes.
  private static final int USUAL_MEMORY = 64 << 10;
  private static final int USUAL_PASSES = 3;
  private static final int USUAL_LANES = 4;

  // What a file may ask for; a wrong one must not exhaust the machine.
  private static final int MOST_MEMORY = 128 << 10;
  private static final int MOST_PASSES = 16;
  private static final int MOST_LANES = 16;

  /** Whose key comes from the passphrase alone. */
  Header(int memory, int passes, int lanes, byte[] salt, byte[] check) {
    this(memory, passes, lanes, salt, check, new byte[0]);
  }

  /**
   * A header and the key that belongs to it.
   *
   * @param key 32 octets, which the owner wipes
   */
  record Keyed(Header header, byte[] key) {
    /**
     * For a new backup: what RFC 9106 recommends, and a salt that no other has.
     *
     * @throws BackupException if the passphrase is too short to protect anything
     */
    static Keyed fresh(Passphrase passphrase) throws BackupException {
      if (passphrase.length() < SHORTEST_PASSPHRASE) {
        throw new BackupException(
            "the passphrase has less than "
                + SHORTEST_PASSPHRASE
                + " characters, and a backup holds all private keys. Take a longer one.");
      }
      return of(passphrase, USUAL_MEMORY, USUAL_PASSES, USUAL_LANES);
    }

    /** With a salt that no other has. */
    static Keyed of(Passphrase passphrase, int memory, int passes, int lanes) {
      byte[] salt = new byte[SALT];
      new SecureRandom().nextBytes(salt);
      Header bare = new Header(memory, passes, lanes, salt, new byte[CHECK]);
      byte[] derived = bare.derive(passphrase);
      byte[] check = Arrays.copyOfRange(derived, KEY, KEY + CHECK);
      byte[] key = Arrays.copyOf(derived, KEY);
      Arrays.fill(derived, (byte) 0);
      return new Keyed(new Header(memory, passes, lanes, salt, check), key);
    }
  }

  /** The same with a point. */
  Header with(byte[] otherPoint) {
    return new Header(memory, passes, lanes, salt, check, otherPoint);
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
    if (version != BY_PASSPHRASE && version != BY_RECIPIENT) {
      throw new BackupException(
          "the backup has format "
              + version
              + ", and this Gatehouse knows formats "
              + BY_PASSPHRASE
              + " and "
              + BY_RECIPIENT
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
    byte[] point = new byte[version == BY_RECIPIENT ? Recipient.POINT : 0];
    if (in.readNBytes(point, 0, point.length) < point.length) {
      throw new BackupException(
          "only the beginning of a backup is there: it ends within the first "
              + (LENGTH + point.length)
              + " octets. Take another copy.");
    }
    return new Header(memory, passes, lanes, salt, check, point);
  }

  /** As it stands in the file. */
  byte[] octets() {
    ByteBuffer octets = ByteBuffer.allocate(LENGTH + point.length);
    int version = point.length == 0 ? BY_PASSPHRASE : BY_RECIPIENT;
    octets.put(MAGIC).putShort((short) version).putShort((short) lanes);
    octets.putInt(memory).putInt(passes).put(salt).put(check);
    octets.putInt(checksum(octets.array())).put(point);
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
      byte[] key = Arrays.copyOf(derived, KEY);
      return point.length == 0 ? key : Recipient.open(key, point);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /** Argon2id, version 0x13: the key's octets and those of the check, which the caller wipes. */
  byte[] derive(Passphrase passphrase) {
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
