// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.PEER;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.carriesTcp;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A monitoring station (net-snmp) sees the tunnel as {@code wg} and {@code ip} see it. */
class SnmpIT {
  private static final String AUTHENTICATION = "a long authentication passphrase";
  private static final String PRIVACY = "a long privacy passphrase";
  private static final String IF_HC_IN_OCTETS = ".1.3.6.1.2.1.31.1.1.1.6";
  private static final String IF_HC_OUT_OCTETS = ".1.3.6.1.2.1.31.1.1.1.10";
  // Below netSnmpPlaypen, see WG-GATEWAY-MIB.
  private static final String WG_PEER_ENTRY = ".1.3.6.1.4.1.8072.9999.9999.5182.5.1";
  private static final String WG_PEER_PUBLIC_KEY = WG_PEER_ENTRY + ".2";
  private static final String WG_PEER_IN_OCTETS = WG_PEER_ENTRY + ".12";
  private static final String WG_PEER_OUT_OCTETS = WG_PEER_ENTRY + ".13";

  private static final String ALMOST_32 = "4294960000";
  private static final String ALMOST_64 = "18446744073709544000";

  private Lab lab;
  private Gatehouse gatehouse;

  @BeforeEach
  void start() throws IOException {
    lab = new Lab();
    letTheCountersComeFarBefore();
    gatehouse =
        Gatehouse.start(lab, lab.gateway, Map.of("GATEHOUSE_METRICS_ADDRESS", "127.0.0.1:9586"));
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "");
    eventually("wg0 is up", () -> lab.gateway.hasLink("wg0"), gatehouse.daemon()::log);
  }

  /** As a data plane left them that ran for long: just below what 32 and 64 bits hold. */
  private void letTheCountersComeFarBefore() throws IOException {
    Path tunnels = Files.createDirectories(lab.gateway.home().resolve("tunnels"));
    Files.setPosixFilePermissions(tunnels, PosixFilePermissions.fromString("rwx------"));
    Path file = Files.writeString(tunnels.resolve("wg0.conf"), file());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    String since = "1795000000";
    Files.writeString(
        Files.createDirectories(lab.gateway.home().resolve("state")).resolve("counters"),
        "ended\nwg0 interface "
            + since
            + " "
            + ALMOST_32
            + " "
            + ALMOST_64
            + " 5".repeat(17)
            + "\nwg0 "
            + PEER.publicKey()
            + " "
            + since
            + "000000000 "
            + ALMOST_32
            + " "
            + ALMOST_64
            + " 5".repeat(5)
            + "\n");
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void isOffUntilAUserExists() {
    assertThat(lab.gateway.run("ss", "-Huln", "sport", "=", ":1161")).isBlank();

    addUser();

    assertThat(lab.gateway.run("ss", "-Hulpn", "sport", "=", ":1161")).contains("java");
  }

  @Test
  void countersRiseWithTheTrafficAndAllDoorsSayWhatWgSays() {
    addUser();
    eventually("the tunnel answers", () -> pinged("192.168.200.1"), gatehouse.daemon()::log);
    assertThat(walk(WG_PEER_PUBLIC_KEY)).containsExactly("\"" + PEER.publicKey() + "\"");
    allDoorsAgree();
    long ifInBefore = number(IF_HC_IN_OCTETS);
    long ifOutBefore = number(IF_HC_OUT_OCTETS);
    assertThat(ifInBefore).isBetween(4294960000L, 1L << 32);
    assertThat(ifOutBefore).isNegative(); // as an unsigned number just below 2^64

    carriesTcp(lab.gateway, lab.peer, "192.168.200.1");

    assertThat(number(IF_HC_IN_OCTETS) - ifInBefore).isGreaterThan(1_000_000);
    assertThat(number(IF_HC_OUT_OCTETS) - ifOutBefore).isGreaterThan(1_000_000);
    assertThat(number(IF_HC_OUT_OCTETS)).isPositive();
    assertThat(number(WG_PEER_OUT_OCTETS)).isPositive();
    allDoorsAgree();
    pings(lab.gateway, "192.168.200.1");
  }

  private void allDoorsAgree() {
    // A keepalive may fall between two looks; two equal ones around a third hold it fast.
    eventually(
        "SNMP, metrics, status and wg say the same",
        () -> {
          WgShow.Peer before = WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey());
          long in = number(WG_PEER_IN_OCTETS);
          long out = number(WG_PEER_OUT_OCTETS);
          String metrics = lab.gateway.run("curl", "-sf", "http://127.0.0.1:9586/metrics");
          String status = lab.gateway.run(Gatehouse.program("gatehouse"), "status", "--json");
          WgShow.Peer after = WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey());
          return before.equals(after)
              && in == after.received()
              && out == after.sent()
              && in == metric(metrics, "wireguard_received_bytes_total")
              && out == metric(metrics, "wireguard_sent_bytes_total")
              && after.latestHandshake() == metric(metrics, "wireguard_latest_handshake_seconds")
              && status.contains("\"rxBytes\":" + in + ",\"txBytes\":" + out + ",");
        },
        () -> snmpwalk(WG_PEER_ENTRY) + lab.gateway.run("wg", "show"));
  }

  @Test
  void strangersLearnNothing() {
    addUser();

    Command unknown = tryWalk("nobody", AUTHENTICATION, WG_PEER_ENTRY, 3);
    Command wrong = tryWalk("monitor", "not the passphrase at all", WG_PEER_ENTRY, 3);

    assertThat(unknown.exitCode()).isNotZero();
    assertThat(wrong.exitCode()).isNotZero();
    assertThat(unknown.output() + wrong.output()).doesNotContain(PEER.publicKey());
  }

  /** The only sample of a peer's metric. */
  private static long metric(String page, String name) {
    List<String> samples =
        page.lines().filter(line -> line.startsWith(name + "{interface=\"wg0\"")).toList();
    assertThat(samples).as(name).hasSize(1);
    String sample = samples.getFirst();
    assertThat(sample).contains("public_key=\"" + PEER.publicKey() + "\"");
    return Long.parseUnsignedLong(sample.substring(sample.lastIndexOf(' ') + 1));
  }

  private void addUser() {
    lab.gateway.feed(
        AUTHENTICATION + "\n" + PRIVACY + "\n",
        Gatehouse.program("gatehouse"),
        "snmp",
        "user",
        "add",
        "monitor");
  }

  private boolean pinged(String address) {
    return lab.gateway.tryRun("ping", "-c", "1", "-W", "1", address).exitCode() == 0;
  }

  /** The one value below a column. */
  private long number(String column) {
    List<String> values = walk(column);
    assertThat(values).as(column).hasSize(1);
    return Long.parseUnsignedLong(values.getFirst());
  }

  /** The values below a column, without names and types. */
  private List<String> walk(String column) {
    return snmpwalk(column).lines().toList();
  }

  private String snmpwalk(String column) {
    return tryWalk("monitor", AUTHENTICATION, column, 60).succeeded();
  }

  /** Asks once, and waits so many seconds for each answer. */
  private Command tryWalk(String user, String authentication, String column, int seconds) {
    String[] station = {
      "snmpwalk",
      "-m",
      "",
      "-t",
      Integer.toString(seconds),
      "-r",
      "0",
      "-Oqv",
      "-v3",
      "-l",
      "authPriv",
      "-a",
      "SHA-256",
      "-x",
      "AES",
      "-u",
      user,
      "-A",
      authentication,
      "-X",
      PRIVACY
    };
    return lab.gateway.tryRun(
        Stream.concat(Arrays.stream(station), Stream.of("127.0.0.1:1161", column))
            .toArray(String[]::new));
  }
}
