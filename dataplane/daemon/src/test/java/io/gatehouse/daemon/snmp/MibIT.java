// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snmp4j.smi.SMIConstants;

/** WG-GATEWAY-MIB is clean, and the agent serves exactly its readable objects with their types. */
class MibIT {
  private static final Path MIBS = fromRepository("etc/mibs");
  private static final Path MIB = MIBS.resolve("WG-GATEWAY-MIB.txt");

  /** Ours, stand-ins for the IETF's, and net-snmp's own as Debian's libsnmp-base has them. */
  static final String PATH =
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
          "Counter", SMIConstants.SYNTAX_COUNTER32,
          "TimeTicks", SMIConstants.SYNTAX_TIMETICKS,
          "Counter64", SMIConstants.SYNTAX_COUNTER64);

  @TempDir Path home;

  static Path fromRepository(String name) {
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
    Map<String, Integer> served = new TreeMap<>();
    GatewayStatus status = new GatewayStatus("1", "/x", 0, 0, List.of());
    try (SnmpAgent agent =
        SnmpAgent.start(
            new SnmpOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), state, "gw"),
            () -> status,
            () -> 0)) {
      for (LiveTable<?> table : agent.tables()) {
        if (table.entry().startsWith(WgGatewayMib.DEFAULT_ROOT)) {
          table
              .columns()
              .forEach(
                  column -> served.put("." + table.entry() + "." + column.id(), column.syntax()));
        }
      }
    }

    assertThat(served).isEqualTo(readable()).hasSizeGreaterThan(45);
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

    assertThat(translate.text().strip()).isEqualTo("." + WgGatewayMib.DEFAULT_ROOT);
  }

  /** The types of all readable objects of the module, by object identifier. */
  private Map<String, Integer> readable() {
    Command tree =
        Command.netSnmp(
            home,
            List.of(
                "snmptranslate",
                "-M",
                PATH,
                "-m",
                "WG-GATEWAY-MIB",
                "-Tp",
                "." + WgGatewayMib.DEFAULT_ROOT));
    Map<String, Integer> objects = new TreeMap<>();
    List<String> names = new ArrayList<>();
    for (String line : tree.text().lines().toList()) {
      Matcher object =
          Pattern.compile("\\+--(?: (\\S{4}) (\\w+) +)?(\\w+)\\((\\d+)\\)$").matcher(line);
      if (!object.find()) {
        continue;
      }
      int depth = object.start() / 3;
      names.subList(Math.min(depth, names.size()), names.size()).clear();
      names.add(object.group(4));
      if ("-R--".equals(object.group(1))) {
        assertThat(SYNTAX).containsKey(object.group(2));
        String below = String.join(".", names.subList(1, names.size()));
        objects.put("." + WgGatewayMib.DEFAULT_ROOT + "." + below, SYNTAX.get(object.group(2)));
      }
    }
    return objects;
  }
}
