// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.snmp4j.TransportStateReference;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/**
 * The agent's UDP socket, which leaves out what a source sends {@link SourceLimit above its due}.
 */
final class CalmTransport extends DefaultUdpTransportMapping {
  // The listening thread alone uses it.
  private final SourceLimit limit = new SourceLimit(System::nanoTime);

  CalmTransport(UdpAddress address) throws IOException {
    super(address, false);
  }

  @Override
  protected void fireProcessMessage(
      UdpAddress source, ByteBuffer message, TransportStateReference state) {
    if (limit.admits(source.getInetAddress())) {
      super.fireProcessMessage(source, message, state);
    }
  }
}
