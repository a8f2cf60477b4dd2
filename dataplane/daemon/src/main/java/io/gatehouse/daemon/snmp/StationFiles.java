// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of {@code etc/mibs} and {@code etc/monitoring}, with the root of WG-GATEWAY-MIB where a
 * site has it.
 */
public final class StationFiles {
  static final String MIB = "WG-GATEWAY-MIB.txt";

  /** Names of all of them, the MIB first. */
  public static final List<String> NAMES =
      List.of(
          MIB,
          "grafana-dashboard.json",
          "librenms-os_detection.yaml",
          "librenms-os_discovery.yaml",
          "prometheus-rules.yml",
          "snmp_exporter-generator.yml",
          "snmpd-proxy.conf",
          "zabbix-template.yaml");

  private static final String ENTERPRISES = "1.3.6.1.4.1.";

  private StationFiles() {}

  /**
   * A file.
   *
   * @param name one of {@link #NAMES}
   * @param root object identifier of WG-GATEWAY-MIB, see {@link SnmpOptions#checkRoot}
   * @throws IOException if there is no such file; says which there are
   */
  public static String text(String name, String root) throws IOException {
    String text;
    try (@Nullable InputStream file = StationFiles.class.getResourceAsStream("station/" + name)) {
      if (file == null) {
        throw new IOException("there is no file \"" + name + "\"; there are " + NAMES);
      }
      text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (root.equals(SnmpOptions.DEFAULT_ROOT)) {
      return text;
    }
    return name.equals(MIB) ? moved(text, root) : text.replace(SnmpOptions.DEFAULT_ROOT, root);
  }

  /** The module below enterprises, where it is not provisional any more. */
  private static String moved(String module, String root) {
    String[] numbers = root.substring(ENTERPRISES.length()).split("\\.", -1);
    // Every number on the way has a name, as the rules of SMIv2 want it.
    StringBuilder way = new StringBuilder();
    String parent = "enterprises";
    for (int i = 0; i < numbers.length - 1; i++) {
      String name = "wgSite" + (i + 1);
      way.append(name + " OBJECT IDENTIFIER ::= { " + parent + " " + numbers[i] + " }\n\n");
      parent = name;
    }
    String identity = "    ::= { netSnmpPlaypen 5182 }\n\n";
    return module
        .replaceFirst("(?s)--\n-- PROVISIONAL ROOT\\..*?\n\n", "\n")
        .replaceFirst("Unsigned32\n        FROM", "Unsigned32, enterprises\n        FROM")
        .replaceFirst("\n    netSnmpPlaypen\n        FROM NET-SNMP-MIB;", ";")
        .replace(
            identity, "    ::= { " + parent + " " + numbers[numbers.length - 1] + " }\n\n" + way);
  }
}
