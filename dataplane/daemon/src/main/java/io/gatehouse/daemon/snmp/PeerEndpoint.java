// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.wgquick.IpLiteral;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.snmp4j.smi.OctetString;

/**
 * A peer's endpoint in the types of INET-ADDRESS-MIB (RFC 4001).
 *
 * @param type InetAddressType: unknown 0, ipv4 1, ipv6 2, ipv6z 4
 * @param address network byte order; 0, 4, 16 octets, or 20 with the zone's index
 * @param port 0 is unknown
 */
record PeerEndpoint(int type, OctetString address, int port) {
  private static final PeerEndpoint UNKNOWN = new PeerEndpoint(0, new OctetString(), 0);

  /**
   * Reads {@code address:port}, {@code [address]:port}, {@code [address%zone]:port}, or nothing.
   */
  static PeerEndpoint of(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return UNKNOWN;
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    int percent = host.indexOf('%');
    byte[] address = IpLiteral.parse(percent < 0 ? host : host.substring(0, percent)).getAddress();
    if (address.length == 4) {
      return new PeerEndpoint(1, new OctetString(address), port);
    }
    int zone = percent < 0 ? 0 : zoneIndex(host.substring(percent + 1));
    if (zone == 0) {
      return new PeerEndpoint(2, new OctetString(address), port);
    }
    return new PeerEndpoint(
        4, new OctetString(ByteBuffer.allocate(20).put(address).putInt(zone).array()), port);
  }

  private static int zoneIndex(String zone) {
    try {
      if (zone.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Integer.parseInt(zone);
      }
      NetworkInterface link = NetworkInterface.getByName(zone);
      return link == null ? 0 : link.getIndex();
    } catch (NumberFormatException | SocketException e) {
      return 0;
    }
  }
}
