// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

/**
 * What went through the interface of a tunnel, as IF-MIB counts, and through its UDP port. All
 * counts are unsigned.
 *
 * @param since Unix seconds from when on they count
 * @param rxBytes octets of IP packets given to the interface
 * @param txBytes octets of IP packets taken from the interface
 * @param rxPackets IP packets given to the interface
 * @param txPackets IP packets taken from the interface
 * @param rxDrops datagrams and packets from the network that went no further
 * @param txDrops packets from the interface that went no further
 * @param udp what came and went outside of the tunnel
 * @param underLoad whether only holders of a cookie get a handshake now
 */
public record TunnelCounters(
    long since,
    long rxBytes,
    long txBytes,
    long rxPackets,
    long txPackets,
    long rxDrops,
    long txDrops,
    Udp udp,
    boolean underLoad) {
  /**
   * What came and went by the UDP port, whatever it was.
   *
   * @param rxDatagrams received
   * @param txDatagrams that the system took
   * @param rxBytes UDP payload octets received
   * @param txBytes UDP payload octets that the system took
   */
  public record Udp(long rxDatagrams, long txDatagrams, long rxBytes, long txBytes) {
    /** Nothing. */
    public static final Udp NONE = new Udp(0, 0, 0, 0);

    private Udp plus(Udp more) {
      return new Udp(
          rxDatagrams + more.rxDatagrams,
          txDatagrams + more.txDatagrams,
          rxBytes + more.rxBytes,
          txBytes + more.txBytes);
    }
  }

  /** Nothing so far. */
  static TunnelCounters none(long since) {
    return new TunnelCounters(since, 0, 0, 0, 0, 0, 0, Udp.NONE, false);
  }

  /** What was counted since these, and these. */
  TunnelCounters plus(TunnelCounters more) {
    return new TunnelCounters(
        since,
        rxBytes + more.rxBytes,
        txBytes + more.txBytes,
        rxPackets + more.rxPackets,
        txPackets + more.txPackets,
        rxDrops + more.rxDrops,
        txDrops + more.txDrops,
        udp.plus(more.udp),
        more.underLoad);
  }
}
