// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of one netlink request, see netlink(7) and rtnetlink(7). */
final class NetlinkMessage {
  static final int NLM_F_REQUEST = 1;
  static final int NLM_F_DUMP_INTR = 0x10;
  static final int NLM_F_ACK = 4;
  static final int NLM_F_DUMP = 0x300;
  static final int NLM_F_REPLACE = 0x100;
  static final int NLM_F_EXCL = 0x200;
  static final int NLM_F_CREATE = 0x400;
  static final int NLMSG_ERROR = 2;
  static final int NLMSG_DONE = 3;
  static final int HEADER = 16;

  /** The attribute's own type; the bits above it tell of nesting and byte order. */
  static final int TYPE_MASK = 0x3fff;

  private final ByteBuffer bytes = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

  NetlinkMessage(int type, int flags) {
    bytes.putInt(0).putShort((short) type).putShort((short) (flags | NLM_F_REQUEST));
    bytes.putInt(0).putInt(0);
  }

  NetlinkMessage octet(int value) {
    bytes.put((byte) value);
    return this;
  }

  NetlinkMessage word(int value) {
    bytes.putShort((short) value);
    return this;
  }

  NetlinkMessage integer(int value) {
    bytes.putInt(value);
    return this;
  }

  NetlinkMessage attribute(int type, int value) {
    bytes.putShort((short) 8).putShort((short) type).putInt(value);
    return this;
  }

  NetlinkMessage attribute(int type, byte[] value) {
    bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
    while (bytes.position() % 4 != 0) {
      bytes.put((byte) 0);
    }
    return this;
  }

  NetlinkMessage attribute(int type, String value) {
    return attribute(type, (value + "\0").getBytes(StandardCharsets.UTF_8));
  }

  /** The finished message. */
  ByteBuffer finish(int sequence) {
    bytes.putInt(0, bytes.position()).putInt(8, sequence);
    return bytes.flip();
  }

  int type() {
    return bytes.getShort(4);
  }

  /** What to do with an attribute: its type and a view of its value. */
  interface AttributeReader {
    void read(int type, ByteBuffer value);
  }

  /** Walks the attributes from the buffer's position to its limit. */
  static void attributes(ByteBuffer buffer, AttributeReader reader) {
    int at = buffer.position();
    while (at + 4 <= buffer.limit()) {
      int length = buffer.getShort(at) & 0xffff;
      if (length < 4 || at + length > buffer.limit()) {
        return;
      }
      ByteBuffer value = buffer.slice(at + 4, length - 4).order(ByteOrder.nativeOrder());
      reader.read(buffer.getShort(at + 2) & TYPE_MASK, value);
      at += (length + 3) & -4;
    }
  }

  /** The text of a zero-terminated attribute. */
  static String text(ByteBuffer value) {
    byte[] octets = octets(value);
    int length = 0;
    while (length < octets.length && octets[length] != 0) {
      length++;
    }
    return new String(octets, 0, length, StandardCharsets.UTF_8);
  }

  static byte[] octets(ByteBuffer value) {
    byte[] octets = new byte[value.remaining()];
    value.get(value.position(), octets);
    return octets;
  }
}
