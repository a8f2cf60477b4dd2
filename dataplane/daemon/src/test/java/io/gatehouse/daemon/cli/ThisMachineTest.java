// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.HostFacts;
import io.gatehouse.wgquick.check.HostFacts.HostInterface;
import io.gatehouse.wgquick.check.HostFacts.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThisMachineTest {
  @TempDir Path directory;

  @Test
  void knowsThePortsAddressesNamesAndKeysOfTheMachine() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      WgQuickFile file =
          file(
              """
              [Interface]
              PrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=
              ListenPort = %d
              [Peer]
              PublicKey = fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=
              Endpoint = localhost:7
              """
                  .formatted(socket.getLocalPort()));

      HostFacts facts = machine(Map.of()).facts(List.of(file));

      assertThat(facts.usedPorts()).hasSize(1);
      assertThat(facts.usedPorts().getFirst().port()).isEqualTo(socket.getLocalPort());
      assertThat(facts.usedPorts().getFirst().holder()).isEqualTo("java");
      assertThat(facts.interfaces()).extracting(HostInterface::name).contains("lo");
      assertThat(facts.names().get("localhost")).isNotEmpty();
      assertThat(facts.ownKeys())
          .containsEntry("wg0", PublicKey.parse("/TOE4TKtAqVsePRVR+5AA43HkAK5DSntkOCO7nYq5xU="));
      assertThat(facts.hooksRun()).isFalse();
    }
  }

  @Test
  void knowsTheSessionItRunsIn() {
    ThisMachine machine = machine(Map.of("SSH_CONNECTION", "192.0.2.7 40000 127.0.0.1 22"));
    assertThat(machine.facts(List.of()).sessions())
        .extracting(
            Session::what, session -> session.remote().getHostAddress(), Session::interfaceName)
        .containsExactly(tuple("SSH", "192.0.2.7", "lo"));
  }

  @Test
  void whatMakesNoSenseIsLeftOut() {
    assertThat(machine(Map.of("SSH_CONNECTION", "somewhere")).facts(List.of()).sessions())
        .isEmpty();
  }

  private ThisMachine machine(Map<String, String> environment) {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return new ThisMachine(
        new WgInterfaces(directory),
        false,
        new Streams(InputStream.nullInputStream(), nowhere, nowhere, environment));
  }

  private static WgQuickFile file(String text) {
    return WgQuickFile.parse("wg0.conf", text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
