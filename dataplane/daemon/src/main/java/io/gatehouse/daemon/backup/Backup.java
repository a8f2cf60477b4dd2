// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import io.gatehouse.control.Passphrase;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** A backup as a whole: header, and in sealed pieces a manifest and what is in the places. */
final class Backup {
  private Backup() {}

  /**
   * Writes a backup of what is there now. The data plane may run meanwhile.
   *
   * @param handed what others have handed over to be in it
   * @param keyed its key is wiped
   * @param version of this Gatehouse
   * @param made when it says that it was made
   * @param out not closed
   * @throws IOException if something cannot be read or written
   */
  static void write(
      List<Place> places,
      List<HandedFile> handed,
      Header.Keyed keyed,
      String version,
      Instant made,
      OutputStream out)
      throws IOException {
    try {
      SealedOutput sealed = new SealedOutput(out, keyed.header(), keyed.key());
      DataOutputStream data = new DataOutputStream(sealed);
      data.writeUTF(
          Json.createObjectBuilder()
              .add("product", "gatehouse")
              .add("version", version)
              .add("made", made.toString())
              .build()
              .toString());
      ArchiveWriter archive = new ArchiveWriter(data);
      for (Place place : places) {
        archive.write(place);
      }
      archive.write(handed, made);
      archive.end();
      sealed.finish();
    } finally {
      Arrays.fill(keyed.key(), (byte) 0);
    }
  }

  /**
   * What a backup says of itself.
   *
   * @param version of the Gatehouse that made it
   * @param made when
   */
  record Manifest(String version, Instant made) {}

  /** A backup that is open. */
  record Opened(Manifest manifest, DataInputStream entries) {}

  /**
   * Opens a backup up to its manifest.
   *
   * @param in not closed
   * @throws BackupException if it is none, or the passphrase is another
   */
  static Opened open(InputStream in, Passphrase passphrase) throws IOException, BackupException {
    Header header = Header.read(in);
    byte[] key = header.key(passphrase);
    DataInputStream data;
    try {
      data = new DataInputStream(new SealedInput(in, header, key));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
    try (var reader = Json.createReader(new StringReader(data.readUTF()))) {
      JsonObject manifest = reader.readObject();
      return new Opened(
          new Manifest(
              manifest.getString("version", "?"), Instant.parse(manifest.getString("made", ""))),
          data);
    } catch (JsonException | DateTimeException e) {
      throw new BackupException(
          "the backup opens, but says nothing of itself that can be understood. Take another.");
    }
  }
}
