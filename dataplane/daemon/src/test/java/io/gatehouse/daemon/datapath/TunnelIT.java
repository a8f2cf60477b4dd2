// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.AeadEngines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Needs root and /dev/net/tun; the interface is never up, so nothing is sent. */
class TunnelIT {
  private static final String NAME = "ghit" + ProcessHandle.current().pid() % 100_000;

  @Test
  void aClosedTunnelLeavesNoDescriptorAndStillAnswers() throws Exception {
    AeadEngines.Choice choice = AeadEngines.choose("bouncycastle");
    TunnelOptions options =
        new TunnelOptions(UdpSocket.Options.DEFAULT, choice::create, 3, Workers.none());
    openAndClose(options); // loads what stays open for good
    long before = descriptors();

    for (int i = 0; i < 5; i++) {
      openAndClose(options);
    }

    assertThat(descriptors()).isEqualTo(before);
    assertThat(Path.of("/sys/class/net", NAME)).doesNotExist();
  }

  @Test
  void aTunnelThatFailsHalfwayInItsStartLeavesNothingOpen() throws Exception {
    AeadEngines.Choice choice = AeadEngines.choose("bouncycastle");
    openAndClose(new TunnelOptions(UdpSocket.Options.DEFAULT, choice::create));
    long before = descriptors();
    TunnelOptions failing =
        new TunnelOptions(
            UdpSocket.Options.DEFAULT,
            () -> {
              throw new IllegalStateException("no engine");
            });

    List<TunDevice> queues = TunDevice.openQueues(NAME, TunDevice.Offloads.ALL, 2);
    assertThatIllegalStateException().isThrownBy(() -> Tunnel.start(queues, failing));

    assertThat(descriptors()).isEqualTo(before);
    assertThat(Path.of("/sys/class/net", NAME)).doesNotExist();
  }

  private static void openAndClose(TunnelOptions options) throws Exception {
    Tunnel tunnel =
        Tunnel.start(TunDevice.openQueues(NAME, TunDevice.Offloads.ALL, options.queues()), options);
    assertThat(tunnel.name()).isEqualTo(NAME);
    tunnel.close();
    tunnel.close();
    assertThat(tunnel.snapshot().peers()).isEmpty();
  }

  private static long descriptors() throws Exception {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
