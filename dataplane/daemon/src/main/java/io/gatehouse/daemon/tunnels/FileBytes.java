// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A file's octets as text and back, the same octets.
 *
 * @param text what they say
 * @param encoding UTF-8, or ISO-8859-1 where they are not that
 */
record FileBytes(String text, Charset encoding) {
  /** Reads octets. */
  static FileBytes of(byte[] octets) {
    try {
      return new FileBytes(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString(),
          StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      return new FileBytes(
          new String(octets, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
    }
  }

  /** The octets of another text in the same encoding; empty if it has characters without any. */
  Optional<byte[]> encode(String other) {
    try {
      ByteBuffer encoded = encoding.newEncoder().encode(CharBuffer.wrap(other));
      byte[] octets = new byte[encoded.remaining()];
      encoded.get(octets);
      return Optional.of(octets);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
