// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

/** What the kernel may do for many packets at once. Each has a slow way that does the same. */
public enum Offload {
  /** Large TCP packets from and to the TUN device (TUN_F_TSO4 and 6). */
  TUN_TSO("gatehouse.offload.tun.tso", "large TCP packets on the TUN device"),
  /** Large UDP packets from and to the TUN device (TUN_F_USO4 and 6, Linux 6.2). */
  TUN_USO("gatehouse.offload.tun.uso", "large UDP packets on the TUN device"),
  /** Many datagrams in one send (UDP_SEGMENT). */
  UDP_GSO("gatehouse.offload.udp.gso", "many datagrams in one send"),
  /** Many datagrams in one receive (UDP_GRO). */
  UDP_GRO("gatehouse.offload.udp.gro", "many datagrams in one receive");

  private final String setting;
  private final String words;

  Offload(String setting, String words) {
    this.setting = setting;
    this.words = words;
  }

  /** The property that switches it off. */
  public String setting() {
    return setting;
  }

  /** What it is, as the object of "the kernel refused". */
  String words() {
    return words;
  }
}
