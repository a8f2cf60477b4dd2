// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

/** What a device asks of its surroundings. Called on the control thread; must not block. */
public interface DeviceOutput {
  /**
   * Sends a handshake message, with DSCP AF41 (0x88) and no ECN.
   *
   * @param message the whole datagram; not changed afterwards, the receiver may keep it
   * @param to where to and from which source
   * @return false if the socket refused it
   */
  boolean sendHandshake(byte[] message, Endpoint to);

  /**
   * Asks the transmit thread to look after the peer: {@link Peer#dropStagedRequests}, then send
   * what is staged if {@link Peer#sendingSession} gives a session (else {@link
   * Peer#requestHandshake}), then {@link Peer#takeKeepaliveRequest}.
   */
  void wakeTransmit(Peer peer);
}
