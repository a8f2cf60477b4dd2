// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerEndpointTest {
  @ParameterizedTest
  @CsvSource({
    "'', 0, '', 0",
    "192.0.2.1:51820, 1, c0:00:02:01, 51820",
    "[2001:db8::1]:65535, 2, 20:01:0d:b8:00:00:00:00:00:00:00:00:00:00:00:01, 65535",
    "[fe80::2%7]:1, 4, fe:80:00:00:00:00:00:00:00:00:00:00:00:00:00:02:00:00:00:07, 1",
    "[fe80::2%lo]:1, 4, fe:80:00:00:00:00:00:00:00:00:00:00:00:00:00:02:00:00:00:01, 1",
    "[fe80::2%gone]:1, 2, fe:80:00:00:00:00:00:00:00:00:00:00:00:00:00:02, 1",
  })
  void endpointTextBecomesInetAddress(String text, int type, String octets, int port) {
    PeerEndpoint endpoint = PeerEndpoint.of(text);

    assertThat(endpoint.type()).isEqualTo(type);
    assertThat(endpoint.address().length() == 0 ? "" : endpoint.address().toHexString())
        .isEqualTo(octets);
    assertThat(endpoint.port()).isEqualTo(port);
  }
}
