// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a byte stream into UTF-8 lines of bounded length. For one reading thread.
 *
 * <p>Bytes that are not UTF-8 become replacement characters, which the JSON parser then judges.
 */
public final class LineReader {
  private final ReadableByteChannel channel;
  private final int limit;
  private byte[] octets = new byte[8192];
  private int start;
  private int end;
  // Everything before this index is known to hold no line end.
  private int searched;

  /**
   * Reads from a blocking channel.
   *
   * @param channel stays the caller's
   * @param limit longest line in octets, without its end
   */
  public LineReader(ReadableByteChannel channel, int limit) {
    this.channel = channel;
    this.limit = limit;
  }

  /**
   * Waits for the next line.
   *
   * @return the line without its end; empty at the end of the stream, a last line without end is
   *     dropped
   * @throws LineTooLongException if there is more than the limit without a line end
   * @throws IOException if reading fails
   */
  public Optional<String> next() throws IOException {
    while (true) {
      for (; searched < end; searched++) {
        if (octets[searched] == '\n') {
          if (searched - start > limit) {
            throw new LineTooLongException(limit);
          }
          String line = new String(octets, start, searched - start, StandardCharsets.UTF_8);
          searched++;
          start = searched;
          return Optional.of(line);
        }
      }
      if (end - start > limit) {
        throw new LineTooLongException(limit);
      }
      makeRoom();
      ByteBuffer room = ByteBuffer.wrap(octets, end, octets.length - end);
      int count = channel.read(room);
      if (count < 0) {
        return Optional.empty();
      }
      end += count;
    }
  }

  private void makeRoom() {
    if (start > 0) {
      System.arraycopy(octets, start, octets, 0, end - start);
      // No old bytes stay behind: they may have been secrets.
      Arrays.fill(octets, end - start, end, (byte) 0);
      end -= start;
      searched -= start;
      start = 0;
    }
    if (end == octets.length) {
      byte[] larger = Arrays.copyOf(octets, 2 * octets.length);
      Arrays.fill(octets, (byte) 0);
      octets = larger;
    }
  }

  /** A line is longer than it may be; the stream cannot be used further. */
  public static final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1;

    LineTooLongException(int limit) {
      super("a line is longer than " + limit + " octets");
    }
  }
}
