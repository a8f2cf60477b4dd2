// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.TunnelConfig.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The values that wg-quick(8) hands to ip(8) unread are taken and refused as ip does on an
 * interface, and mean the same. Needs root, /dev/net/tun, iproute2 and wireguard-go.
 */
class IpValuesIT {
  private static final String SCRIPT =
      """
      while IFS=$'\\t' read -r kind value; do
        result=refused
        case $kind in
        Address)
          [[ $value == *:* ]] && proto=-6 || proto=-4
          ip address flush dev "$2"
          ip $proto address add "$value" dev "$2" &&
            result=$(ip $proto -o address show dev "$2" | awk '$9 != "kernel_ll" {print $4}' | head -n 1) ;;
        MTU)
          ip link set mtu "$value" up dev "$2" &&
            result=$(ip -o link show dev "$2" | sed 's/.* mtu \\([0-9]*\\).*/\\1/') ;;
        Table)
          ip link set mtu 1420 up dev "$2"
          ip -4 route add 198.51.100.0/24 dev "$2" table "$value" && {
            result=$(ip -N -4 route show table all | sed -n 's/^198.51.100.0.* table \\([0-9]*\\).*/\\1/p')
            ip -4 route del 198.51.100.0/24 dev "$2" table "$value"
          } ;;
        esac
        printf '%s\\n' "$result"
      done <"$1/values" >"$1/results" 2>"$1/errors"
      """;

  private static final String OCTAL = "ip reads a leading zero as octal, people do not";
  private static final String SHORT = "ip fills up a short address with zeros, others do not";
  private static final String NOTHING = "ip takes it and adds nothing";

  /** What we refuse on purpose although ip takes it. */
  private static final Map<String, String> STRICTER =
      Map.of(
          "010.0.0.1/24", OCTAL,
          "10.0.0.1/024", OCTAL,
          "01420", OCTAL,
          "010", OCTAL,
          "10.1/16", SHORT,
          "10", SHORT,
          "0x0a.0.0.2", "an address in hexadecimal is a slip",
          "10.0.0.1/0x18", "a length in hexadecimal is a slip",
          "10.0.0.1/+3", "a length with a sign is a slip",
          "default", NOTHING);

  @Test
  void addressesMtusAndTablesAreTakenAsIpTakesThem(@TempDir Path directory)
      throws IOException, InterruptedException {
    List<String[]> values = values();
    Files.write(directory.resolve("values"), values.stream().map(v -> v[0] + "\t" + v[1]).toList());
    Path script = Files.writeString(directory.resolve("script"), SCRIPT);
    ScratchInterface scratch =
        ScratchInterface.open(
            "ghi" + ProcessHandle.current().pid(), directory.resolve("wireguard-go.log"));
    try {
      assertThat(
              scratch.runInside(
                  List.of("bash", script.toString(), directory.toString(), scratch.name())))
          .isZero();
    } finally {
      scratch.close();
    }
    List<String> theirs = Files.readAllLines(directory.resolve("results"));
    List<String> different = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i)[1];
      String ours = ours(values.get(i)[0], value);
      boolean onPurpose = STRICTER.containsKey(value) && ours.equals("refused");
      if (ours.equals(theirs.get(i)) == onPurpose) {
        different.add(String.join(" ", values.get(i)) + ": " + ours + ", " + theirs.get(i));
      }
    }
    assertThat(different).isEmpty();
  }

  private static String ours(String kind, String value) {
    String text = "[Interface]\n" + kind + " = " + value + "\n";
    Optional<TunnelConfig> config =
        WgQuickFile.parse("wg0.conf", text.getBytes(ISO_8859_1)).config();
    return config
        .map(
            c ->
                switch (kind) {
                  case "Address" -> c.addresses().getFirst().toString();
                  case "MTU" -> Integer.toString(c.mtu().orElseThrow());
                  default -> number(c.table());
                })
        .orElse("refused");
  }

  /** The main table is the one that ip does not name. */
  private static String number(Table table) {
    return switch (table) {
      case Table.Numbered(int number) -> number == 254 ? "" : Integer.toUnsignedString(number);
      default -> table.toString();
    };
  }

  private static List<String[]> values() {
    List<String[]> values = new ArrayList<>();
    for (String address :
        List.of(
            "10.0.0.1/24",
            "10.0.0.1",
            "10.0.0.1/0",
            "10.0.0.1/33",
            "10.0.0.1/",
            "10.0.0.1/255.255.255.0",
            "10.0.0.1/255.0.255.0",
            "10.0.0.1/0.0.0.0",
            "10.0.0.1/255",
            "10.0.0.1/024",
            "10.0.0.1/0x18",
            "10.0.0.1/+3",
            "10.1/16",
            "10",
            "010.0.0.1/24",
            "0x0a.0.0.2",
            "10.2.3.4.5",
            "256.0.0.1",
            "default",
            "localhost",
            "127.0.0.1",
            "fd00::1/64",
            "fd00::1",
            "FD00::1/129",
            "::ffff:10.0.0.1/128",
            "fe80::5/64",
            "fe80::1%lo/64",
            "fd00::2/ff00::",
            "00001::1",
            "ff02::1",
            "::",
            "::1")) {
      values.add(new String[] {"Address", address});
    }
    for (String mtu :
        List.of(
            "68", "67", "1280", "65535", "65536", "0x578", "0X578", "+1400", "01420", "-1", "0",
            "1e3", "1400.0")) {
      values.add(new String[] {"MTU", mtu});
    }
    for (String table :
        List.of(
            "main",
            "local",
            "default",
            "unspec",
            "0",
            "7",
            "010",
            "0x10",
            "0X10",
            "+7",
            "0x",
            "4294967295",
            "4294967296",
            "-1",
            "nowhere",
            "MAIN")) {
      values.add(new String[] {"Table", table});
    }
    return values;
  }
}
