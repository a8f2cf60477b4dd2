// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.daemon.Statuses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snmp4j.smi.OID;

/** What a station imports names nothing that the agent does not serve, wherever the root is. */
class StationFilesIT {
  private static final String OWN = "1.3.6.1.4.1.99999.7.1";

  @Test
  void everyFileOfTheFolderIsThere() throws IOException {
    try (Stream<Path> files = Files.list(MibIT.fromRepository("etc/monitoring"))) {
      Set<String> names = new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
      names.add("WG-GATEWAY-MIB.txt");
      assertThat(new TreeSet<>(StationFiles.NAMES)).isEqualTo(names);
    }
    assertThatThrownBy(() -> StationFiles.text("../x", OWN)).hasMessageContaining("zabbix");
  }

  @Test
  void everyObjectThatIsNamedIsServed(@TempDir Path state) throws IOException {
    Set<String> served = new TreeSet<>();
    try (SnmpAgent agent =
        SnmpAgent.start(
            new SnmpOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), state, "gw"),
            () -> Statuses.gateway(0),
            () -> 0)) {
      for (LiveTable<?> table : agent.tables()) {
        table.columns().forEach(column -> served.add(table.entry() + "." + column.id()));
      }
    }
    Pattern named = Pattern.compile(Pattern.quote(SnmpOptions.DEFAULT_ROOT) + "((?:\\.\\d+)+)");
    int found = 0;
    for (String name : StationFiles.NAMES) {
      Matcher matcher = named.matcher(StationFiles.text(name, SnmpOptions.DEFAULT_ROOT));
      while (matcher.find()) {
        String object = matcher.group().replaceFirst("\\.0$", "");
        assertThat(served).as(name).contains(object);
        found++;
      }
    }
    assertThat(found).isGreaterThan(20);
  }

  @Test
  void everyNameOfTheMibIsInTheMib() throws IOException {
    String mib = StationFiles.text("WG-GATEWAY-MIB.txt", SnmpOptions.DEFAULT_ROOT);
    int found = 0;
    for (String name : StationFiles.NAMES) {
      Matcher word =
          Pattern.compile("\\bwg(?:Gw|Device|Handshake|Drop|Peer|AllowedIp)\\w*")
              .matcher(StationFiles.text(name, SnmpOptions.DEFAULT_ROOT));
      while (word.find()) {
        assertThat(mib)
            .as(name + ": " + word.group())
            .containsPattern("\n" + word.group() + " +(OBJECT|NOTIFICATION|MODULE)-?");
        found++;
      }
    }
    assertThat(found).isGreaterThan(20);
  }

  @Test
  void withAnotherRootNothingStaysBehindAndTheMibIsStillClean(@TempDir Path home)
      throws IOException {
    for (String name : StationFiles.NAMES) {
      assertThat(StationFiles.text(name, OWN))
          .as(name)
          .doesNotContain(SnmpOptions.DEFAULT_ROOT, "Playpen", "PROVISIONAL");
    }
    Path moved = home.resolve("WG-GATEWAY-MIB");
    Files.writeString(moved, StationFiles.text("WG-GATEWAY-MIB.txt", OWN));
    String path = home + ":" + MibIT.fromRepository("dataplane/daemon/src/test/resources/mibs");

    assertThat(
            Command.run(
                    Map.of("SMIPATH", path), List.of("smilint", "-l", "6", "-s", moved.toString()))
                .text())
        .isEmpty();
    assertThat(
            Command.netSnmp(
                    home,
                    List.of(
                        "snmptranslate",
                        "-M",
                        path,
                        "-m",
                        "WG-GATEWAY-MIB",
                        "-On",
                        "WG-GATEWAY-MIB::wgPeerUp"))
                .text()
                .strip())
        .isEqualTo("." + new OID(OWN) + ".0.1");
  }
}
