// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a backup: the header, then what comes in, in sealed pieces. */
final class SealedOutput extends OutputStream {
  private final OutputStream out;
  private final Seal seal;
  private final byte[] piece = new byte[Seal.PIECE];
  private int filled;

  /** Writes the header; closing this leaves {@code out} open. */
  SealedOutput(OutputStream out, Header header, byte[] key) throws IOException {
    this.out = out;
    this.seal = new Seal(key, header);
    out.write(header.octets());
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int offset, int length) throws IOException {
    int at = offset;
    int left = length;
    while (left > 0) {
      if (filled == piece.length) {
        out.write(seal.seal(piece, filled, false));
        filled = 0;
      }
      int some = Math.min(left, piece.length - filled);
      System.arraycopy(octets, at, piece, filled, some);
      filled += some;
      at += some;
      left -= some;
    }
  }

  /** Seals the last piece; without it the file counts as cut off. */
  void finish() throws IOException {
    out.write(seal.seal(piece, filled, true));
    Seal.wipe(piece);
  }
}
