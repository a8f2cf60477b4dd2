// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.host;

import io.gatehouse.wgquick.IpLiteral;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** Addresses as proc(5) has them in {@code /proc/net/tcp} and the like. */
final class Sockets {
  private static final int IPV4_MAPPED = 12;

  private Sockets() {}

  static int port(String text) {
    return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1), 16);
  }

  /** Words of 32 bits in the order of the machine; IPv4-mapped addresses are IPv4. */
  static InetAddress address(String text) {
    byte[] written = HexFormat.of().parseHex(text.substring(0, text.lastIndexOf(':')));
    ByteBuffer octets = ByteBuffer.allocate(written.length);
    ByteBuffer words = ByteBuffer.wrap(written);
    octets.order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      octets.putInt(words.getInt());
    }
    byte[] address = octets.array();
    return isMapped(address)
        ? IpLiteral.address(Arrays.copyOfRange(address, IPV4_MAPPED, address.length))
        : IpLiteral.address(address);
  }

  private static boolean isMapped(byte[] address) {
    if (address.length <= IPV4_MAPPED || address[10] != -1 || address[11] != -1) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
