// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import static io.gatehouse.daemon.Statuses.KEY_1;
import static io.gatehouse.daemon.Statuses.peer;
import static io.gatehouse.daemon.Statuses.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SyslogSinkTest {
  private static final Instant TIME = Instant.parse("2026-11-28T12:00:00.123456Z");

  private DatagramSocket collector;
  private SyslogSink sink;

  @BeforeEach
  void open() throws Exception {
    collector = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    collector.setSoTimeout(60_000);
    sink =
        new SyslogSink(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), collector.getLocalPort()),
            "gate way.example",
            "8072.9999.9999.5182",
            () -> TIME);
  }

  @AfterEach
  void close() {
    sink.close();
    collector.close();
  }

  private String sent(Event event) throws Exception {
    sink.accept(event);
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    collector.receive(packet);
    assertThat(packet.getLength()).isLessThanOrEqualTo(1180);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @Test
  void anEventIsAMessageOfRfc5424() throws Exception {
    String key = KEY_1;
    assertThat(sent(new Event.PeerDown(tunnel(), peer(KEY_1, PeerState.IDLE))))
        .isEqualTo(
            "<28>1 2026-11-28T12:00:00.123Z gateway.example gatehouse "
                + ProcessHandle.current().pid()
                + " wgPeerDown [gatehouse@8072.9999.9999.5182 interface=\"wg0\" public_key=\""
                + key
                + "\" friendly_name=\"laptop\" endpoint=\"192.0.2.7:40000\"] "
                + "\uFEFFwgPeerDown interface=\"wg0\" public_key=\""
                + key
                + "\" friendly_name=\"laptop\" endpoint=\"192.0.2.7:40000\"");
  }

  @Test
  void nameThatWouldEndTheDataOrTheLineDoesNot() throws Exception {
    String name = "a]b\"c\\d\ne";
    String message =
        sent(new Event.PeerUp(tunnel(), peer(1, KEY_1, name, PeerState.UP, 0, 0, List.of(), 0, 0)));

    assertThat(message).contains("friendly_name=\"a\\]b\\\"c\\\\d e\"").doesNotContain("\n");
  }

  @Test
  void aLongReasonIsCutBetweenCharacters() throws Exception {
    String message = sent(new Event.ConfigRejected("wg0.conf", "ü".repeat(2000)));

    assertThat(message).doesNotContain("\uFFFD").contains("wgGwConfigRejected");
  }
}
