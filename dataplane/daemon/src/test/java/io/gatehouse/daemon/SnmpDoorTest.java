// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.daemon.snmp.SnmpOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnmpDoorTest {
  private static final GatewayStatus STATUS = new GatewayStatus("0", "", 0, 0, List.of());

  @TempDir Path state;

  @Test
  void aDamagedStateFileCostsSnmpAndNothingElse() throws Exception {
    Files.writeString(state.resolve("snmp.engine"), "no engine");

    try (SnmpDoor door = open()) {
      assertThat(door.agent()).isEmpty();
      assertThat(door.trouble()).contains("snmp.engine");
    }
  }

  @Test
  void withGoodStateThereIsAnAgent() {
    try (SnmpDoor door = open()) {
      assertThat(door.agent()).isPresent();
    }
  }

  private SnmpDoor open() {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return SnmpDoor.open(new SnmpOptions(anyPort, state, "test"), () -> STATUS, () -> 0);
  }
}
