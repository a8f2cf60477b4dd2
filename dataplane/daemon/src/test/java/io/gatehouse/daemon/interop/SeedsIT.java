// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.GATEWAY;
import static io.gatehouse.daemon.interop.Example.PEER;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The example file and each step of a packet's way out and in, as introductions to WireGuard tell
 * them, on our tunnel: once steered by the stock tools, once by our command line.
 */
class SeedsIT {
  @Nested
  class WithTheStockTools extends Flows {
    private StockWgQuick wgQuick;

    WithTheStockTools() {
      super("wg");
    }

    @Override
    void up() throws IOException {
      wgQuick = StockWgQuick.on(lab.gateway);
      wgQuick.run("up", conf.toString());
    }

    @Override
    void down() {
      wgQuick.run("down", conf.toString());
    }
  }

  @Nested
  class WithOurCommandLine extends Flows {
    WithOurCommandLine() {
      super(Gatehouse.program("gatehouse"));
    }

    @Override
    void up() {
      lab.gateway.run(
          "env",
          "GATEHOUSE_STATE_DIRECTORY=" + lab.gateway.home().resolve("state"),
          tool,
          "up",
          conf.toString());
    }

    @Override
    void down() {
      lab.gateway.run(tool, "down", conf.toString());
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  abstract static class Flows {
    /** What takes wg's commands. */
    final String tool;

    Lab lab;
    Path conf;

    Flows(String tool) {
      this.tool = tool;
    }

    abstract void up() throws IOException;

    abstract void down();

    @BeforeAll
    void start() throws IOException {
      lab = new Lab();
      startPeer(lab, "192.168.200.22/24", "10.0.0.1/32", "");
      conf = lab.gateway.home().resolve("wg0.conf");
      Files.writeString(conf, file());
      Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-------"));
      up();
    }

    @AfterAll
    void end() {
      try {
        down();
        assertThat(lab.gateway.hasLink("wg0")).isFalse();
        assertThat(lab.gateway.run("ip", "route", "show", "table", "all"))
            .doesNotContain("192.168.200.0");
      } finally {
        lab.close();
      }
    }

    @Test
    void generateKeys_genkeyTeePrivatekeyPubkeyPublickey() {
      Path home = lab.gateway.home();
      lab.gateway.run(
          "sh",
          "-c",
          "cd \"$1\" && umask 077 && $0 genkey | tee privatekey | $0 pubkey > publickey",
          tool,
          home.toString());

      Keys made = Keys.of(read(home.resolve("privatekey")));
      assertThat(read(home.resolve("publickey"))).isEqualTo(made.publicKey());
    }

    @Test
    void example_afterUpTheHostHasAnInterfaceWithIp10_0_0_1() {
      assertThat(lab.gateway.run("ip", "-o", "address", "show", "dev", "wg0"))
          .contains("inet 10.0.0.1/32");
      assertThat(lab.gateway.run("ip", "link", "show", "dev", "wg0", "up")).contains("wg0");
    }

    @Test
    void example_theToolAloneAndShowTellOfIt() {
      for (String words : new String[] {"$0", "$0 show", "$0 show wg0"}) {
        assertThat(lab.gateway.run("sh", "-c", words, tool))
            .contains("interface: wg0")
            .contains("public key: " + GATEWAY.publicKey())
            .contains("listening port: 51821")
            .contains("peer: " + PEER.publicKey())
            .contains("endpoint: 203.0.113.2:51822")
            .contains("allowed ips: 192.168.200.0/24");
      }
    }

    @Test
    void example_showconfShowsTheListenPortAndSsTheProcess() {
      String conf = lab.gateway.run(tool, "showconf", "wg0");
      assertThat(conf).contains("ListenPort = 51821\n");
      String port = conf.replaceAll("(?s).*ListenPort = ([0-9]+).*", "$1");

      assertThat(lab.gateway.run("sh", "-c", "ss -ulpn | grep " + port)).contains("java");
    }

    @Test
    void outgoing1_theRoutingTableSelectsWg0ForAnAllowedIp() {
      assertThat(lab.gateway.run("ip", "route", "get", "192.168.200.22")).contains("dev wg0");
    }

    @Test
    void outgoing2_theSourceIsTheAddressOfTheInterface() {
      assertThat(lab.gateway.run("ip", "route", "get", "192.168.200.22")).contains("src 10.0.0.1");
      try (Daemon tap = capture(lab.gateway, "wg0", "icmp")) {
        pings(lab.gateway, "192.168.200.22");
        seen(tap, "10.0.0.1 192.168.200.22");
      }
    }

    @Test
    void outgoing3_thePeerWithTheAllowedIpGetsIt() {
      assertThat(lab.gateway.run(tool, "show", "wg0", "allowed-ips"))
          .isEqualTo(PEER.publicKey() + "\t192.168.200.0/24\n");
      long before = transfer(lab.gateway, 2);

      pings(lab.gateway, "192.168.200.22");

      assertThat(transfer(lab.gateway, 2)).isGreaterThan(before);
    }

    @Test
    void outgoing4_itTravelsEncryptedInUdpToTheEndpoint() {
      try (Daemon wire = capture(lab.peer, "eth0", "udp or icmp")) {
        pings(lab.gateway, "192.168.200.22");
        // Type 4 is transport data.
        seen(wire, "203.0.113.1 203.0.113.2 51821 51822 4");
        assertThat(wire.log()).doesNotContain("192.168.200.22");
      }
      // And only the peer's key opens it.
      assertThat(WgShow.of(lab.peer, "wg0").peer(GATEWAY.publicKey()).received()).isPositive();
    }

    @Test
    void outgoing5_theRoutingTableSelectsTheOuterSourceAndThePortIsTheListenPort() {
      String outer = lab.gateway.run("ip", "route", "get", "203.0.113.2");
      assertThat(outer).contains("dev eth0").contains("src 203.0.113.1");
      try (Daemon wire = capture(lab.gateway, "eth0", "udp")) {
        pings(lab.gateway, "192.168.200.22");
        seen(wire, "203.0.113.1 203.0.113.2 51821 51822");
      }
    }

    @Test
    void incoming1_itListensForUdpOnTheListenPort() {
      assertThat(lab.gateway.run("ss", "-Hulpn", "sport", "=", ":51821")).contains("java");
      assertThat(lab.gateway.run(tool, "show", "wg0", "listen-port")).isEqualTo("51821\n");
    }

    @Test
    void incoming2_decryptedPacketsComeAsIfDirectlyFromWg0() {
      pings(lab.gateway, "192.168.200.22");
      long before = transfer(lab.gateway, 1);
      try (Daemon tap = capture(lab.gateway, "wg0", "icmp[icmptype] == icmp-echo")) {
        pings(lab.peer, "10.0.0.1");
        seen(tap, "192.168.200.22 10.0.0.1");
      }
      assertThat(transfer(lab.gateway, 1)).isGreaterThan(before);
    }

    /** Octets received (1) or sent (2), as the tool says. */
    private long transfer(NetworkNamespace where, int column) {
      return Long.parseLong(
          where.run(tool, "show", "wg0", "transfer").strip().split("\t", -1)[column]);
    }

    private static Daemon capture(NetworkNamespace where, String link, String filter) {
      Daemon tshark =
          where.start(
              "tshark",
              "-l",
              "-n",
              "-i",
              link,
              "-f",
              filter,
              "-T",
              "fields",
              "-E",
              "separator= ",
              "-e",
              "ip.src",
              "-e",
              "ip.dst",
              "-e",
              "udp.srcport",
              "-e",
              "udp.dstport",
              "-e",
              "wg.type");
      tshark.ready("tshark captures", () -> tshark.log().contains("Capturing on"));
      // It says so a moment before the socket is there.
      eventually(
          "its packet socket is there",
          () -> !where.run("sh", "-c", "tail -n +2 /proc/net/packet").isBlank());
      return tshark;
    }

    private static void seen(Daemon tshark, String fields) {
      eventually("seen: " + fields, () -> tshark.log().contains(fields), tshark::log);
    }

    private static String read(Path file) {
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
