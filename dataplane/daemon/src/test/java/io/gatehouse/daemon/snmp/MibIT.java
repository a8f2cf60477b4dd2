// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.SMIConstants;

/** WG-GATEWAY-MIB is clean, and the agent serves exactly its readable objects with their types. */
class MibIT {
  private static final Path MIBS = fromRepository("etc/mibs");
  private static final Path MIB = MIBS.resolve("WG-GATEWAY-MIB.txt");

  /** Ours, stand-ins for the IETF's, and net-snmp's own as Debian's libsnmp-base has them. */
  private static final String PATH =
      String.join(
          ":",
          MIBS.toString(),
          fromRepository("dataplane/daemon/src/test/resources/mibs").toString(),
          "/usr/share/snmp/mibs");

  private static final Map<String, Integer> SYNTAX =
      Map.of(
          "String", SMIConstants.SYNTAX_OCTET_STRING,
          "EnumVal", SMIConstants.SYNTAX_INTEGER,
          "Unsigned", SMIConstants.SYNTAX_GAUGE32,
          "Gauge", SMIConstants.SYNTAX_GAUGE32,
          "Counter64", SMIConstants.SYNTAX_COUNTER64);

  @TempDir Path home;

  private static Path fromRepository(String name) {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.exists(directory.resolve(name))) {
      directory = directory.getParent();
    }
    assertThat(directory).as("a directory above this one with %s", name).isNotNull();
    return directory.resolve(name);
  }

  @Test
  void moduleHasNoFinding() {
    Command lint =
        Command.run(Map.of("SMIPATH", PATH), List.of("smilint", "-l", "6", "-s", MIB.toString()));

    // The exit code is 0 even for a broken module.
    assertThat(lint.text()).isEmpty();
  }

  @Test
  void findingsWouldBeSeen(@TempDir Path directory) throws IOException {
    Path broken = directory.resolve("WG-GATEWAY-MIB.txt");
    Files.writeString(
        broken,
        Files.readString(MIB).replace("wgPeerAllowedIps OBJECT-TYPE", "wgOther OBJECT-TYPE"));

    assertThat(
            Command.run(
                    Map.of("SMIPATH", PATH), List.of("smilint", "-l", "6", "-s", broken.toString()))
                .text())
        .contains("wgPeerAllowedIps");
  }

  @Test
  void agentServesExactlyTheReadableObjectsWithTheirTypes(@TempDir Path state) throws IOException {
    Map<Integer, Integer> served = new TreeMap<>();
    GatewayStatus status = new GatewayStatus("1", "/x", 0, 0, List.of());
    try (SnmpAgent agent =
        SnmpAgent.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            state,
            () -> status,
            "gw")) {
      List<LiveTable<?>> ours =
          agent.tables().stream().filter(t -> t.entry().startsWith(WgGatewayMib.ROOT)).toList();
      assertThat(ours).extracting(LiveTable::entry).containsExactly(WgGatewayMib.PEER_ENTRY);
      for (LiveTable<?> table : ours) {
        table.columns().forEach(column -> served.put(column.id(), column.syntax()));
      }
    }

    assertThat(served).isEqualTo(readable(WgGatewayMib.PEER_ENTRY));
  }

  @Test
  void rootInTheModuleIsTheRootInTheCode() {
    Command translate =
        Command.netSnmp(
            home,
            List.of(
                "snmptranslate",
                "-M",
                PATH,
                "-m",
                "WG-GATEWAY-MIB",
                "-On",
                "WG-GATEWAY-MIB::wgGatewayMIB"));

    assertThat(translate.text().strip()).isEqualTo("." + WgGatewayMib.ROOT);
  }

  private Map<Integer, Integer> readable(OID entry) {
    Command tree =
        Command.netSnmp(
            home, List.of("snmptranslate", "-M", PATH, "-m", "WG-GATEWAY-MIB", "-Tp", "." + entry));
    Map<Integer, Integer> columns = new TreeMap<>();
    Matcher object =
        Pattern.compile("\\+-- -R-- (\\w+) +wgPeer\\w+\\((\\d+)\\)").matcher(tree.text());
    while (object.find()) {
      assertThat(SYNTAX).containsKey(object.group(1));
      columns.put(Integer.valueOf(object.group(2)), SYNTAX.get(object.group(1)));
    }
    return columns;
  }
}
