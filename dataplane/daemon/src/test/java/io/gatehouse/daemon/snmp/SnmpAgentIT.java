// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.daemon.Statuses;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snmp4j.smi.OID;

/** The agent as net-snmp's commands see it, on loopback. */
class SnmpAgentIT {
  private static final String AUTH = "correct horse battery";
  private static final String PRIV = "staple of the engine";
  private static final String OTHER_AUTH = "another long phrase";
  private static final String OTHER_PRIV = "yet another long one";
  private static final String KEY_1 = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
  private static final String KEY_2 = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";
  private static final long LARGE = (3L << 32) + 1000;

  private static final String IF_TABLE = ".1.3.6.1.2.1.2.2";
  private static final String IF_ENTRY = ".1.3.6.1.2.1.2.2.1";
  private static final String IF_STACK_TABLE = ".1.3.6.1.2.1.31.1.2";
  private static final String IF_X_TABLE = ".1.3.6.1.2.1.31.1.1";
  private static final String IF_X_ENTRY = ".1.3.6.1.2.1.31.1.1.1";
  private static final String PEER_TABLE = ".1.3.6.1.4.1.8072.9999.9999.5182.5";
  private static final String PEER_ENTRY = PEER_TABLE + ".1";
  private static final String SYS_NAME = ".1.3.6.1.2.1.1.5.0";
  private static final String BOOTS = ".1.3.6.1.6.3.10.2.1.2.0";

  /** For what is not answered at all: it only costs time. */
  private static final String BRIEF = "0.3";

  @TempDir Path state;
  @TempDir Path home;
  private final InetSocketAddress address = freePort();
  private volatile GatewayStatus status = gateway(0);

  /** Seconds that a command waits for an answer, twice. */
  private String timeout = "2";

  private SnmpAgent agent;

  @BeforeEach
  void startWithOneUser() throws IOException {
    agent = start();
    agent.users().add("monitor", AUTH, PRIV);
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private SnmpAgent start() throws IOException {
    return SnmpAgent.start(new SnmpOptions(address, state, "gate.example"), () -> status, () -> 0);
  }

  private static InetSocketAddress freePort() {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GatewayStatus gateway(long more) {
    TunnelStatus wg0 =
        new TunnelStatus(
            "wg0",
            "wg0.conf",
            TunnelStatus.State.UP,
            7,
            KEY_2,
            51820,
            0,
            1420,
            List.of("10.0.0.1/24"),
            List.of(peer(5, KEY_1, "laptop", more), idlePeer(2)),
            List.of(),
            LARGE + more,
            LARGE + 1,
            11,
            12,
            13,
            14,
            List.of(),
            List.of(),
            Instant.now().getEpochSecond() - 3600);
    TunnelStatus wg1 =
        new TunnelStatus(
            "wg1",
            "wg1.conf",
            TunnelStatus.State.DOWN,
            12,
            KEY_1,
            0,
            0,
            1380,
            List.of(),
            List.of(),
            List.of(),
            0,
            0,
            0,
            0,
            0,
            0,
            List.of(),
            List.of(),
            0);
    TunnelStatus broken =
        new TunnelStatus(
            "bad",
            "bad.conf",
            TunnelStatus.State.FAILED,
            0,
            "",
            0,
            0,
            0,
            List.of(),
            List.of(),
            List.of(),
            0,
            0,
            0,
            0,
            0,
            0,
            List.of(),
            List.of(),
            0);
    return new GatewayStatus("0.1.0", "/etc/wireguard", 0, 0, List.of(broken, wg0, wg1));
  }

  private static String key(int number) {
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(32).putInt(number).array());
  }

  private static PeerStatus peer(int number, String key, String name, long more) {
    return new PeerStatus(
        number,
        key,
        name,
        PeerState.UP,
        "192.0.2.7:40000",
        List.of("10.0." + number / 200 + "." + number % 200 + "/32", "fd00::" + number + "/128"),
        true,
        25,
        1_795_000_000L,
        33,
        0,
        LARGE + more,
        LARGE + 2,
        101,
        102,
        List.of(),
        0,
        Optional.empty(),
        List.of(),
        "");
  }

  private static PeerStatus idlePeer(int number) {
    return new PeerStatus(
        number,
        KEY_2,
        "",
        PeerState.NEVER,
        "",
        List.of(),
        false,
        0,
        0,
        -1,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        0,
        Optional.empty(),
        List.of(),
        "");
  }

  private static TunnelStatus withPeers(List<PeerStatus> peers) {
    return new TunnelStatus(
        "wg0",
        "",
        TunnelStatus.State.UP,
        7,
        KEY_2,
        51820,
        0,
        1420,
        List.of(),
        peers,
        List.of(),
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        List.of(),
        0);
  }

  private Command snmp(String tool, List<String> credentials, String... words) {
    return snmp(address, tool, credentials, words);
  }

  private Command snmp(
      InetSocketAddress at, String tool, List<String> credentials, String... words) {
    List<String> line = new ArrayList<>(List.of(tool));
    line.addAll(credentials);
    line.addAll(List.of("-m", "", "-On", "-Oe", "-Ot", "-t", timeout, "-r", "1"));
    // Options first, then the agent, then the names.
    int options = 0;
    while (options < words.length && words[options].startsWith("-")) {
      line.add(words[options++]);
    }
    line.add("udp:127.0.0.1:" + at.getPort());
    line.addAll(List.of(words).subList(options, words.length));
    return Command.netSnmp(home, line);
  }

  private static List<String> user(String name, String level, String auth, String priv) {
    return List.of(
        "-v3", "-u", name, "-l", level, "-a", "SHA-256", "-A", auth, "-x", "AES", "-X", priv);
  }

  private static final List<String> MONITOR = user("monitor", "authPriv", AUTH, PRIV);

  /** Lines of {@code name = type: value}, in the order they came. */
  private static Map<String, String> values(Command answer) {
    assertThat(answer.exit()).as(answer.text()).isZero();
    Map<String, String> values = new LinkedHashMap<>();
    // Long octet strings go on over several lines.
    String text = answer.text().replaceAll(" ?\n(?!\\.)", " ");
    for (String line : text.lines().toList()) {
      if (line.contains("No more variables left in this MIB View")) {
        continue;
      }
      String[] halves = line.split(" = ", 2);
      assertThat(halves).as(line).hasSize(2);
      assertThat(values.put(halves[0], halves[1].strip())).as("%s twice", halves[0]).isNull();
    }
    return values;
  }

  @Test
  void ifTableShowsTheTunnelsThatHaveAnInterface() {
    Map<String, String> cells = values(snmp("snmpwalk", MONITOR, IF_TABLE));

    assertThat(cells).hasSize(2 * 18);
    assertThat(cells)
        .containsEntry(IF_ENTRY + ".1.7", "INTEGER: 7")
        .containsEntry(IF_ENTRY + ".2.7", "STRING: \"wg0\"")
        .containsEntry(IF_ENTRY + ".3.7", "INTEGER: 131")
        .containsEntry(IF_ENTRY + ".4.7", "INTEGER: 1420")
        .containsEntry(IF_ENTRY + ".5.7", "Gauge32: 0")
        .containsEntry(IF_ENTRY + ".6.7", "\"\"")
        .containsEntry(IF_ENTRY + ".7.7", "INTEGER: 1")
        .containsEntry(IF_ENTRY + ".8.7", "INTEGER: 1")
        .containsEntry(IF_ENTRY + ".9.7", "0")
        .containsEntry(IF_ENTRY + ".10.7", "Counter32: 1000")
        .containsEntry(IF_ENTRY + ".11.7", "Counter32: 11")
        .containsEntry(IF_ENTRY + ".13.7", "Counter32: 13")
        .containsEntry(IF_ENTRY + ".16.7", "Counter32: 1001")
        .containsEntry(IF_ENTRY + ".17.7", "Counter32: 12")
        .containsEntry(IF_ENTRY + ".19.7", "Counter32: 14")
        .containsEntry(IF_ENTRY + ".2.12", "STRING: \"wg1\"")
        .containsEntry(IF_ENTRY + ".7.12", "INTEGER: 2")
        .containsEntry(IF_ENTRY + ".8.12", "INTEGER: 2");
    assertThat(values(snmp("snmpget", MONITOR, ".1.3.6.1.2.1.2.1.0")))
        .containsExactly(Map.entry(".1.3.6.1.2.1.2.1.0", "INTEGER: 2"));
  }

  @Test
  void ifXTableShowsTheWholeCounters() {
    Map<String, String> cells = values(snmp("snmpwalk", MONITOR, IF_X_TABLE));

    assertThat(cells).hasSize(2 * 19);
    assertThat(cells)
        .containsEntry(IF_X_ENTRY + ".1.7", "STRING: \"wg0\"")
        .containsEntry(IF_X_ENTRY + ".6.7", "Counter64: " + LARGE)
        .containsEntry(IF_X_ENTRY + ".7.7", "Counter64: 11")
        .containsEntry(IF_X_ENTRY + ".10.7", "Counter64: " + (LARGE + 1))
        .containsEntry(IF_X_ENTRY + ".11.7", "Counter64: 12")
        .containsEntry(IF_X_ENTRY + ".15.7", "Gauge32: 0")
        .containsEntry(IF_X_ENTRY + ".16.7", "INTEGER: 2")
        .containsEntry(IF_X_ENTRY + ".17.7", "INTEGER: 2")
        .containsEntry(IF_X_ENTRY + ".18.7", "\"\"");
  }

  @Test
  void ifStackTableSaysThatATunnelLiesOnNothingAndNothingOnIt() {
    assertThat(values(snmp("snmpwalk", MONITOR, IF_STACK_TABLE)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                IF_STACK_TABLE + ".1.3.0.7", "INTEGER: 1",
                IF_STACK_TABLE + ".1.3.7.0", "INTEGER: 1",
                IF_STACK_TABLE + ".1.3.0.12", "INTEGER: 1",
                IF_STACK_TABLE + ".1.3.12.0", "INTEGER: 1"));
  }

  @Test
  void peerTableShowsEveryPeerUnderItsStableNumber() {
    Map<String, String> cells = values(snmp("snmpwalk", MONITOR, PEER_TABLE));

    assertThat(cells).hasSize(2 * 21 - 2);
    assertThat(cells)
        .containsEntry(PEER_ENTRY + ".2.7.5", "STRING: \"" + KEY_1 + "\"")
        .containsEntry(PEER_ENTRY + ".3.7.5", "STRING: \"laptop\"")
        .containsEntry(PEER_ENTRY + ".4.7.5", "INTEGER: 2")
        .containsEntry(PEER_ENTRY + ".5.7.5", "INTEGER: 1")
        .containsEntry(PEER_ENTRY + ".6.7.5", "Hex-STRING: C0 00 02 07")
        .containsEntry(PEER_ENTRY + ".7.7.5", "Gauge32: 40000")
        .containsEntry(PEER_ENTRY + ".8.7.5", "INTEGER: 1")
        .containsEntry(PEER_ENTRY + ".9.7.5", "Gauge32: 25")
        .containsEntry(PEER_ENTRY + ".10.7.5", "Gauge32: 1795000000")
        .containsEntry(PEER_ENTRY + ".11.7.5", "Gauge32: 33")
        .containsEntry(PEER_ENTRY + ".12.7.5", "Counter64: " + LARGE)
        .containsEntry(PEER_ENTRY + ".13.7.5", "Counter64: " + (LARGE + 2))
        .containsEntry(PEER_ENTRY + ".14.7.5", "Counter64: 101")
        .containsEntry(PEER_ENTRY + ".15.7.5", "Counter64: 102")
        .containsEntry(PEER_ENTRY + ".20.7.5", "Gauge32: 2")
        .containsEntry(PEER_ENTRY + ".3.7.2", "STRING: \"" + KEY_2.substring(0, 8) + "\"")
        .containsEntry(PEER_ENTRY + ".4.7.2", "INTEGER: 1")
        .containsEntry(PEER_ENTRY + ".5.7.2", "INTEGER: 0")
        .containsEntry(PEER_ENTRY + ".6.7.2", "\"\"")
        .containsEntry(PEER_ENTRY + ".10.7.2", "Gauge32: 0")
        .containsEntry(PEER_ENTRY + ".11.7.2", "Gauge32: 4294967295");
  }

  @Test
  void countersAreLive() {
    String octets = PEER_ENTRY + ".12.7.5";
    assertThat(values(snmp("snmpget", MONITOR, octets)))
        .containsEntry(octets, "Counter64: " + LARGE);

    status = gateway(4242);

    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    Map<String, String> now;
    do {
      now = values(snmp("snmpget", MONITOR, octets, IF_X_ENTRY + ".6.7"));
    } while (now.containsValue("Counter64: " + LARGE) && System.nanoTime() < deadline);
    assertThat(now.values()).containsOnly("Counter64: " + (LARGE + 4242));
  }

  @Test
  void systemGroupIsOurOwn() {
    assertThat(values(snmp("snmpwalk", MONITOR, ".1.3.6.1.2.1.1")))
        .containsEntry(".1.3.6.1.2.1.1.1.0", "STRING: \"Gatehouse 0.1.0\"")
        .containsEntry(".1.3.6.1.2.1.1.2.0", "OID: .1.3.6.1.4.1.8072.9999.9999.5182")
        .containsEntry(SYS_NAME, "STRING: \"gate.example\"")
        .containsEntry(".1.3.6.1.2.1.1.7.0", "INTEGER: 76")
        .containsKey(".1.3.6.1.2.1.1.9.1.3.6");
  }

  @Test
  void wholeWalkRisesAndStaysInTheView() {
    List<String> names = List.copyOf(values(snmp("snmpbulkwalk", MONITOR, ".1")).keySet());

    assertThat(names.stream().map(name -> new OID(name.substring(1))).toList())
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(
            name ->
                name.startsWith(new OID("1.3.6.1.2.1"))
                    || name.startsWith(WgGatewayMib.DEFAULT_ROOT)
                    || name.startsWith(new OID("1.3.6.1.6.3.10.2"))
                    || name.startsWith(new OID("1.3.6.1.6.3.11"))
                    || name.startsWith(new OID("1.3.6.1.6.3.15.1.1")));
    assertThat(names).contains(".1.3.6.1.6.3.15.1.1.6.0", PEER_ENTRY + ".20.7.5");
  }

  @Test
  void getBulkAndGetNextAndGetAgree() {
    for (String table : List.of(IF_TABLE, IF_X_TABLE, PEER_TABLE)) {
      Map<String, String> next = values(snmp("snmpwalk", MONITOR, table));
      assertThat(values(snmp("snmpbulkwalk", MONITOR, "-Cr3", table))).isEqualTo(next);
      assertThat(values(snmp("snmpbulkwalk", MONITOR, "-Cr100", table))).isEqualTo(next);
      assertThat(values(snmp("snmpget", MONITOR, next.keySet().toArray(String[]::new))))
          .isEqualTo(next);
    }
  }

  @Test
  void bulkAnswersFitOneFrameAndLoseNothing() {
    List<PeerStatus> peers =
        IntStream.rangeClosed(1, 300)
            .mapToObj(i -> peer(i, key(i), "peer with number " + i, i))
            .toList();
    status = new GatewayStatus("1", "/x", 0, 0, List.of(withPeers(peers)));

    assertThat(values(snmp("snmpbulkwalk", MONITOR, "-Cr100", PEER_TABLE))).hasSize(20 * 300);

    Command walk = snmp("snmpbulkwalk", MONITOR, "-d", "-Cr100", PEER_TABLE);

    Matcher received = Pattern.compile("Received (\\d+) byte packet").matcher(walk.text());
    List<Integer> sizes = new ArrayList<>();
    while (received.find()) {
      sizes.add(Integer.valueOf(received.group(1)));
    }
    assertThat(sizes).hasSizeGreaterThan(10);
    assertThat(Collections.max(sizes)).isBetween(1000, 1452);
  }

  @Test
  void bulkRequestWhoseFirstRowDoesNotFitIsAnsweredTooBig() {
    status =
        new GatewayStatus(
            "1", "/x", 0, 0, List.of(withPeers(List.of(peer(5, KEY_1, "n".repeat(255), 0)))));
    String[] names = Collections.nCopies(20, PEER_ENTRY + ".3").toArray(String[]::new);
    List<String> words = new ArrayList<>(List.of("-Cn0", "-Cr1"));
    words.addAll(List.of(names));

    assertThat(snmp("snmpbulkget", MONITOR, words.toArray(String[]::new)).text())
        .contains("(tooBig)");
  }

  @Test
  void moreThan64VariablesAreTooBig() {
    String[] names = Collections.nCopies(65, SYS_NAME).toArray(String[]::new);

    assertThat(snmp("snmpget", MONITOR, names).text()).contains("(tooBig)");
    assertThat(
            snmp("snmpget", MONITOR, Collections.nCopies(64, SYS_NAME).toArray(String[]::new))
                .exit())
        .isZero();
  }

  @Test
  void missingNamesAreSaidAsSuch() {
    assertThat(snmp("snmpget", MONITOR, IF_ENTRY + ".2.99").text()).contains("No Such Instance");
    assertThat(snmp("snmpget", MONITOR, ".1.3.6.1.2.1.4.1.0").text()).contains("No Such Object");
  }

  @Test
  void wrongCredentialsAreRefused() {
    timeout = BRIEF;
    assertThat(snmp("snmpget", user("nobody", "authPriv", AUTH, PRIV), SYS_NAME))
        .satisfies(SnmpAgentIT::refused);
    assertThat(snmp("snmpget", user("monitor", "authPriv", "wrong passphrase", PRIV), SYS_NAME))
        .satisfies(SnmpAgentIT::refused);
    assertThat(snmp("snmpget", user("monitor", "authPriv", AUTH, "wrong passphrase"), SYS_NAME))
        .satisfies(SnmpAgentIT::refused);
    assertThat(snmp("snmpget", user("monitor", "authNoPriv", AUTH, PRIV), SYS_NAME))
        .satisfies(SnmpAgentIT::refused);
    assertThat(snmp("snmpget", List.of("-v3", "-u", "monitor", "-l", "noAuthNoPriv"), SYS_NAME))
        .satisfies(SnmpAgentIT::refused);
    assertThat(snmp("snmpget", MONITOR, "-n", "other", SYS_NAME)).satisfies(SnmpAgentIT::refused);
    timeout = "2";
    assertThat(snmp("snmpget", MONITOR, SYS_NAME).exit()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "SHA-256, AES-256, AES-256",
    "SHA-384, AES-128, AES",
    "SHA-384, AES-256, AES-256",
    "SHA-512, AES-128, AES",
    "SHA-512, AES-256, AES-256"
  })
  void everyStrongPairOfAlgorithmsWorks(String auth, String priv, String priv4net)
      throws IOException {
    agent.users().add("strong", auth, priv, AUTH, PRIV);
    List<String> words = new ArrayList<>(user("strong", "authPriv", AUTH, PRIV));
    words.set(words.indexOf("SHA-256"), auth);
    words.set(words.indexOf("AES"), priv4net);

    assertThat(values(snmp("snmpget", words, SYS_NAME)))
        .containsEntry(SYS_NAME, "STRING: \"gate.example\"");
  }

  @Test
  void weakerAlgorithmsAreRefused() {
    timeout = BRIEF;
    for (String auth : List.of("MD5", "SHA", "SHA-224")) {
      List<String> words = new ArrayList<>(MONITOR);
      words.set(words.indexOf("SHA-256"), auth);
      assertThat(snmp("snmpget", words, SYS_NAME)).satisfies(SnmpAgentIT::refused);
    }
  }

  @Test
  void olderVersionsAreNotAnswered() {
    timeout = BRIEF;
    for (String version : List.of("-v1", "-v2c")) {
      Command answer = snmp("snmpget", List.of(version, "-c", "public"), SYS_NAME);
      assertThat(answer).satisfies(SnmpAgentIT::refused);
      assertThat(answer.text()).contains("Timeout");
    }
  }

  @Test
  void versionTwoIsAnsweredOnlyWhereItIsSwitchedOnAndToListedSources(@TempDir Path other)
      throws IOException {
    for (String source : List.of("127.0.0.0/8", "192.0.2.1")) {
      InetSocketAddress at = freePort();
      SnmpOptions options =
          new SnmpOptions(
              at, other, "gate.example", SnmpOptions.DEFAULT_ROOT, SnmpOptions.sources(source));
      try (SnmpAgent old = SnmpAgent.start(options, () -> status, () -> 0)) {
        assertThat(old.listening()).contains(at);
        timeout = BRIEF;
        String community = Files.readString(other.resolve("snmp.community")).strip();
        assertThat(community).hasSize(32);
        Command answer = snmp(at, "snmpget", List.of("-v2c", "-c", community), SYS_NAME);
        if (source.startsWith("127")) {
          assertThat(answer.text()).contains("gate.example");
          assertThat(snmp(at, "snmpset", List.of("-v2c", "-c", community), SYS_NAME, "s", "x"))
              .satisfies(SnmpAgentIT::refused);
          assertThat(values(snmp(at, "snmpbulkwalk", List.of("-v2c", "-c", community), PEER_TABLE)))
              .hasSize(2 * 20);
        } else {
          assertThat(answer).satisfies(SnmpAgentIT::refused);
        }
        for (List<String> words :
            List.of(List.of("-v2c", "-c", "public"), List.of("-v1", "-c", community))) {
          assertThat(snmp(at, "snmpget", words, SYS_NAME)).satisfies(SnmpAgentIT::refused);
        }
      }
    }
  }

  @Test
  void aWalkWhilePeersComeAndGoReturnsEachThatStaysOnce(@TempDir Path other) throws IOException {
    int stable = 1500;
    AtomicInteger looks = new AtomicInteger();
    Random random = new Random(7);
    Supplier<GatewayStatus> restless =
        () -> {
          looks.getAndIncrement();
          List<PeerStatus> peers = new ArrayList<>();
          for (int number = 1; number <= 2 * stable; number++) {
            // The odd ones stay; of the others every second is there, each time another.
            if (number % 2 == 1 || random.nextBoolean()) {
              peers.add(numbered(number));
            }
          }
          return Statuses.gateway(0, Statuses.tunnel(peers.toArray(PeerStatus[]::new)));
        };
    InetSocketAddress at = freePort();
    try (SnmpAgent busy =
        SnmpAgent.start(new SnmpOptions(at, other, "gate.example"), restless, () -> 0)) {
      busy.users().add("monitor", AUTH, PRIV);
      // A name that came twice would fail here.
      Set<String> cells = values(snmp(at, "snmpbulkwalk", MONITOR, PEER_TABLE)).keySet();

      assertThat(looks).hasValueGreaterThan(2);
      for (int column = 2; column <= 21; column++) {
        String prefix = PEER_ENTRY + "." + column + ".7.";
        assertThat(
                cells.stream()
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> Integer.parseInt(name.substring(prefix.length())))
                    .filter(number -> number % 2 == 1)
                    .toList())
            .isEqualTo(IntStream.range(0, stable).map(i -> 2 * i + 1).boxed().toList());
      }
    }
  }

  private static PeerStatus numbered(int number) {
    String key = Base64.getEncoder().encodeToString(ByteBuffer.allocate(32).putInt(number).array());
    return Statuses.peer(number, key, "", PeerState.UP, 25, 0, List.of(), number, number);
  }

  private static void refused(Command answer) {
    assertThat(answer.exit()).as(answer.text()).isNotZero();
    assertThat(answer.text()).doesNotContain("gate.example");
  }

  @Test
  void nothingCanBeSet() {
    for (String[] what :
        new String[][] {
          {SYS_NAME, "s", "mine"},
          {IF_ENTRY + ".7.7", "i", "2"},
          {".1.3.6.1.6.3.15.1.2.2.1.13.0", "i", "4"},
        }) {
      Command answer = snmp("snmpset", MONITOR, what);
      assertThat(answer.exit()).isNotZero();
      assertThat(answer.text()).contains("noAccess");
    }
    assertThat(values(snmp("snmpget", MONITOR, SYS_NAME)))
        .containsEntry(SYS_NAME, "STRING: \"gate.example\"");
  }

  @Test
  void restartKeepsUsersAndIdentityAndCountsABoot() throws IOException {
    assertThat(values(snmp("snmpget", MONITOR, BOOTS))).containsEntry(BOOTS, "INTEGER: 1");
    String id = values(snmp("snmpget", MONITOR, ".1.3.6.1.6.3.10.2.1.1.0")).toString();
    agent.close();
    assertThat(boundPorts()).doesNotContain(address.getPort());

    agent = start();

    assertThat(values(snmp("snmpget", MONITOR, BOOTS))).containsEntry(BOOTS, "INTEGER: 2");
    assertThat(values(snmp("snmpget", MONITOR, ".1.3.6.1.6.3.10.2.1.1.0")).toString())
        .isEqualTo(id);
  }

  @Test
  void thereIsASocketOnlyWhileThereIsAUser() throws IOException {
    assertThat(agent.listening()).contains(address);
    assertThat(boundPorts()).contains(address.getPort());

    agent.users().remove("monitor");
    assertThat(agent.listening()).isEmpty();
    assertThat(boundPorts()).doesNotContain(address.getPort());

    agent.users().add("second", AUTH, PRIV);
    timeout = "1";
    assertThat(snmp("snmpget", user("second", "authPriv", AUTH, PRIV), SYS_NAME).exit()).isZero();
    assertThat(snmp("snmpget", MONITOR, SYS_NAME)).satisfies(SnmpAgentIT::refused);
  }

  private static List<Integer> boundPorts() throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (String table : List.of("/proc/net/udp", "/proc/net/udp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        Matcher local =
            Pattern.compile("^ *\\d+: [0-9A-F]+:([0-9A-F]{4}) ")
                .matcher(line.toUpperCase(Locale.ROOT));
        if (local.find()) {
          ports.add(Integer.parseInt(local.group(1), 16));
        }
      }
    }
    return ports;
  }

  @Test
  void takenPortIsSaidAndTheUserNotKept() throws IOException {
    agent.users().remove("monitor");
    try (DatagramSocket taken = new DatagramSocket(address)) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(() -> agent.users().add("monitor", AUTH, PRIV))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(address.getPort()));
    }
    assertThat(agent.users().list()).isEmpty();
    assertThat(agent.listening()).isEmpty();
  }

  @Test
  void twoAgentsInOneProcessKnowNothingOfEachOther(@TempDir Path otherState) throws IOException {
    InetSocketAddress otherAddress = freePort();
    try (SnmpAgent other =
        SnmpAgent.start(
            new SnmpOptions(otherAddress, otherState, "other.example"), () -> status, () -> 0)) {
      other.users().add("monitor", OTHER_AUTH, OTHER_PRIV);

      assertThat(values(snmp("snmpget", MONITOR, SYS_NAME)))
          .containsEntry(SYS_NAME, "STRING: \"gate.example\"");
      assertThat(
              values(
                  snmp(
                      otherAddress,
                      "snmpget",
                      user("monitor", "authPriv", OTHER_AUTH, OTHER_PRIV),
                      SYS_NAME)))
          .containsEntry(SYS_NAME, "STRING: \"other.example\"");
      timeout = BRIEF;
      assertThat(snmp(otherAddress, "snmpget", MONITOR, SYS_NAME).exit()).isNotZero();
    }
  }
}
