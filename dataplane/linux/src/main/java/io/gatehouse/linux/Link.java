// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.nio.ByteBuffer;

/**
 * A network interface, as {@code ip link} shows it.
 *
 * @param index interface number, unique in its namespace at a time
 * @param name current name
 * @param mtu in octets
 * @param flags IFF_ bits of netdevice(7)
 * @param alias what {@code ip link set alias} gave, else empty
 */
public record Link(int index, String name, int mtu, int flags, String alias) {
  static final int IFF_UP = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_IFALIAS = 20;

  /** Whether it is administratively up. */
  public boolean up() {
    return (flags & IFF_UP) != 0;
  }

  /** Reads struct ifinfomsg and its attributes. */
  static Link read(ByteBuffer body) {
    String[] texts = {"", ""};
    int[] mtu = {0};
    NetlinkMessage.attributes(
        body.duplicate().order(body.order()).position(16),
        (type, value) -> {
          switch (type) {
            case IFLA_IFNAME -> texts[0] = NetlinkMessage.text(value);
            case IFLA_MTU -> mtu[0] = value.getInt(0);
            case IFLA_IFALIAS -> texts[1] = NetlinkMessage.text(value);
            default -> {}
          }
        });
    return new Link(body.getInt(4), texts[0], mtu[0], body.getInt(8), texts[1]);
  }
}
