// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.OffloadStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatehouseMainTest {
  private static final String KEY = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aGoodFileIsGoodAndABadOneFailsWithItsLine() throws IOException {
    Path good =
        Files.writeString(directory.resolve("wg0.conf"), "[Interface]\nPrivateKey = " + KEY);
    Path bad = Files.writeString(directory.resolve("wg1.conf"), "[Interface]\nColour = blue\n");

    assertThat(run("check", good.toString())).isZero();
    assertThat(run("check", good.toString(), bad.toString())).isOne();
    assertThat(out.toString(UTF_8)).contains("wg1.conf:2: ");
  }

  @Test
  void aFileThatIsNotThereIsAnErrorNotATrace() {
    assertThat(run("check", directory.resolve("none").toString())).isOne();
    assertThat(out.toString(UTF_8)).contains("none: cannot be read");
  }

  @Test
  void findingsComeAsJsonToo() throws IOException {
    Path bad = Files.writeString(directory.resolve("wg1.conf"), "[Interface]\nColour = blue\n");

    assertThat(run("check", "--json", bad.toString())).isOne();
    assertThat(out.toString(UTF_8))
        .startsWith("{\"good\":false,\"findings\":[{\"code\":")
        .contains("\"severity\":\"ERROR\"", "\"line\":2");
  }

  private static final String MENDABLE =
      """
      # mine \r
      [Interface]
      PrivateKey = %s
      PostUp = iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
      PostDown = iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE
      [Peer]
      publickey=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=
      allowedips = 10.0.0.7/24 , 10.1.0.2/32 # two
      """
          .formatted(KEY);

  @Test
  void whatHasAFixIsMendedInItsOwnLinesOnly() throws IOException {
    Path file = Files.writeString(directory.resolve("wg0.conf"), MENDABLE);

    assertThat(run("check", "--fix", "--dry-run", "--no-host", file.toString())).isZero();
    assertThat(out.toString(UTF_8))
        .contains("-allowedips = 10.0.0.7/24", "+allowedips = 10.0.0.0/24")
        .doesNotContain(KEY);
    assertThat(file).hasContent(MENDABLE);

    assertThat(run("check", "--fix", "--no-host", file.toString())).isZero();
    assertThat(out.toString(UTF_8)).contains("AllowedIPs = 10.0.0.0/24 in place of 10.0.0.7/24");
    assertThat(file).hasContent(MENDABLE.replace("10.0.0.7/24", "10.0.0.0/24"));
  }

  @Test
  void notesAreMendedOnlyWhenTheyAreAskedFor() throws IOException {
    Path file = Files.writeString(directory.resolve("wg0.conf"), MENDABLE);

    String[] words = {"check", "--fix", "--code", "HOOK-REPLACEABLE", "--no-host", file.toString()};
    assertThat(run(words)).isZero();

    assertThat(file).content().contains("# gatehouse.masquerade = eth0", "10.0.0.7/24");
    assertThat(file).content().doesNotContain("iptables");
  }

  @Test
  void aFixIsToldInWordsAndAsJson() throws IOException {
    Path file = Files.writeString(directory.resolve("wg0.conf"), MENDABLE);

    assertThat(run("check", "--json", "--no-host", file.toString())).isZero();

    assertThat(out.toString(UTF_8))
        .contains("\"fix\":[\"[Peer] AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=: AllowedIPs");
  }

  @Test
  void wrongWordsGetTheUsageAndStatusOneAsOfWg() {
    assertThat(run("reboot")).isOne();
    assertThat(run("snmp", "user", "add")).isOne();
    assertThat(run("status", "--xml")).isOne();
    assertThat(run("genkey", "more")).isOne();
    assertThat(err.toString(UTF_8))
        .contains("Invalid subcommand: `reboot'", "'NAME'", "--xml", "Usage: gatehouse genkey");
  }

  @Test
  void aCommandThatIsNearlyRightIsSuggested() {
    assertThat(run("statsu")).isOne();
    assertThat(err.toString(UTF_8)).contains("status");
  }

  @Test
  void everyCommandHasHelp() {
    for (var command :
        GatehouseMain.commandLine(List.of(), streams("")).getSubcommands().entrySet()) {
      if (!command.getKey().equals("help")) {
        out.reset();
        assertThat(run(command.getKey(), "--help")).as(command.getKey()).isZero();
        assertThat(out.toString(UTF_8)).startsWith("Usage: gatehouse " + command.getKey());
      }
    }
  }

  @Test
  void keysAreMadeAndTurnedPublic() {
    String key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=";

    assertThat(runWith(key + " \n", "pubkey")).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("/TOE4TKtAqVsePRVR+5AA43HkAK5DSntkOCO7nYq5xU=\n");
    assertThat(runWith(" " + key, "pubkey")).isOne();
    assertThat(runWith(key.substring(1), "pubkey")).isOne();
    assertThat(err.toString(UTF_8))
        .contains("Trailing characters found after key")
        .contains("Key is not the correct length or format")
        .doesNotContain("AAAA");
    out.reset();
    assertThat(run("genkey")).isZero();
    byte[] made = java.util.Base64.getDecoder().decode(out.toString(UTF_8).strip());
    assertThat(made).hasSize(32);
    assertThat(made[0] & 7).isZero();
    assertThat(made[31] & 0xc0).isEqualTo(0x40);
  }

  @Test
  void theCompletionScriptKnowsCommandsAndAsksForInterfaces() {
    assertThat(run("completion", "bash")).isZero();
    assertThat(out.toString(UTF_8))
        .contains("syncconf", "gatehouse show interfaces", "latest-handshakes")
        .endsWith("complete -o default -F _gatehouse_with_interfaces gatehouse\n");
    assertThat(run("completion", "csh")).isOne();
  }

  @Test
  void withoutADataPlaneTheSocketAndARemedyAreNamed() {
    assertThat(run("--socket", directory.resolve("s").toString(), "status")).isOne();
    assertThat(err.toString(UTF_8)).contains(directory.resolve("s").toString(), "running");
  }

  @Test
  void theTableShowsPeersByNameOrKeyWithColumnsInLine() {
    String table =
        StatusTable.format(
            new GatewayStatus(
                "1",
                "/t",
                0,
                0,
                List.of(
                    new TunnelStatus(
                        "wg0",
                        "wg0.conf",
                        TunnelStatus.State.UP,
                        3,
                        KEY,
                        51820,
                        0,
                        1420,
                        List.of("10.0.0.1/24"),
                        List.of(
                            peer("laptop", PeerState.UP, "192.0.2.7:40000", 59, 1536, 3 << 20),
                            peer("", PeerState.NEVER, "", -1, 0, 0)),
                        List.of(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        List.of(),
                        List.of(
                            offload("TUN_TSO", OffloadStatus.Use.ON, 0, ""),
                            offload("TUN_USO", OffloadStatus.Use.UNAVAILABLE, 0, ""),
                            offload("UDP_GSO", OffloadStatus.Use.ON, 2, "EIO"),
                            offload("UDP_GRO", OffloadStatus.Use.OFF, 0, "")),
                        0))));

    assertThat(table)
        .isEqualTo(
            """
            Gatehouse 1, tunnels in /t

            wg0  up, port 51820, 10.0.0.1/24
              note: TUN USO is not to be had on this kernel.
              note: UDP GSO was refused 2 times by the kernel (EIO), packets went one by one; set=false ends the attempts.
              note: UDP GRO is off (set).
              PEER                                          STATE  ENDPOINT         HANDSHAKE  RECEIVED  SENT
              laptop                                        up     192.0.2.7:40000  59 s ago   1.50 KiB  3.00 MiB
              YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=  never  -                never      0 B       0 B
            """);
  }

  private static OffloadStatus offload(
      String name, OffloadStatus.Use use, long fallbacks, String error) {
    return new OffloadStatus(name, use, "set", fallbacks, error);
  }

  private static PeerStatus peer(
      String name, PeerState state, String endpoint, long age, long rx, long tx) {
    return new PeerStatus(
        1,
        KEY,
        name,
        state,
        endpoint,
        List.of(),
        false,
        0,
        0,
        age,
        0,
        rx,
        tx,
        0,
        0,
        List.of(),
        0,
        Optional.empty(),
        List.of(),
        "");
  }

  private int run(String... words) {
    return runWith("", words);
  }

  private int runWith(String input, String... words) {
    return GatehouseMain.run(List.of(words), streams(input));
  }

  private Streams streams(String input) {
    return new Streams(
        new ByteArrayInputStream(input.getBytes(UTF_8)),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        Map.of());
  }
}
