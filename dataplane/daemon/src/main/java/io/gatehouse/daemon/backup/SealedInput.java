// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import javax.crypto.AEADBadTagException;

/** Reads what {@link SealedOutput} wrote; what is not as it was sealed is not given out. */
final class SealedInput extends InputStream {
  /** A piece is not as it was sealed. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    private DamagedException(long offset) {
      super("the backup is damaged behind octet " + offset + ", or its end is missing");
    }
  }

  private final PushbackInputStream in;
  private final Seal seal;
  private final byte[] sealed = new byte[Seal.PIECE + Seal.TAG];
  private byte[] piece = new byte[0];
  private int at;
  private long offset;
  private boolean last;

  /** From behind the header. */
  SealedInput(InputStream in, Header header, byte[] key) {
    this.in = new PushbackInputStream(in, 1);
    this.seal = new Seal(key, header);
    this.offset = header.octets().length;
  }

  @Override
  public int read() throws IOException {
    return prepare() ? piece[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] octets, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!prepare()) {
      return -1;
    }
    int some = Math.min(length, piece.length - at);
    System.arraycopy(piece, at, octets, from, some);
    at += some;
    return some;
  }

  /** Whether there is an octet to give. */
  private boolean prepare() throws IOException {
    while (at == piece.length) {
      if (last) {
        return false;
      }
      Seal.wipe(piece);
      int length = in.readNBytes(sealed, 0, sealed.length);
      int next = in.read();
      if (next >= 0) {
        in.unread(next);
      }
      last = next < 0;
      try {
        if (length < Seal.TAG) {
          throw new DamagedException(offset);
        }
        piece = seal.open(sealed, length, last);
      } catch (AEADBadTagException e) {
        throw new DamagedException(offset);
      }
      at = 0;
      offset += length;
    }
    return true;
  }
}
