// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Numbers that have names on this machine, read from where the stock tools read them: UDP ports
 * from services(5), as getaddrinfo(3) does for wg(8), and routing tables from rt_tables, as ip(8)
 * does for wg-quick(8). What cannot be read has no names. For one thread; read once, when first
 * asked.
 */
final class SystemNames {
  private static final Path SERVICES = Path.of("/etc/services");
  // Newer iproute2 keeps its own names in the first place and lets the second overrule them.
  private static final List<Path> TABLES =
      List.of(Path.of("/usr/share/iproute2/rt_tables"), Path.of("/etc/iproute2/rt_tables"));

  private Optional<Map<String, Integer>> services = Optional.empty();

  /** The UDP port of a service, 1 to 65535. */
  OptionalInt udpPort(String service) {
    if (services.isEmpty()) {
      services = Optional.of(readServices());
    }
    Integer port = services.get().get(service);
    return port == null ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** The number of a routing table, unsigned. */
  OptionalInt table(String name) {
    OptionalInt found = OptionalInt.empty();
    for (Path file : TABLES) {
      for (Path each : withDirectory(file)) {
        for (String[] words : words(each)) {
          if (words.length > 1 && words[1].equals(name)) {
            OptionalInt number = number(words[0]);
            found = number.isPresent() ? number : found;
          }
        }
      }
    }
    return found;
  }

  private static Map<String, Integer> readServices() {
    Map<String, Integer> ports = new HashMap<>();
    for (String[] words : words(SERVICES)) {
      if (words.length > 1 && words[1].endsWith("/udp")) {
        OptionalInt port = number(words[1].substring(0, words[1].length() - 4));
        for (int i = 0; i < words.length && port.isPresent(); i++) {
          if (i != 1) {
            ports.putIfAbsent(words[i], port.getAsInt());
          }
        }
      }
    }
    return ports;
  }

  private static List<Path> withDirectory(Path file) {
    List<Path> files = new ArrayList<>(List.of(file));
    Path directory = Path.of(file + ".d");
    try (DirectoryStream<Path> more = Files.newDirectoryStream(directory, "*.conf")) {
      more.forEach(files::add);
    } catch (IOException e) {
      // Most machines have none.
    }
    return files;
  }

  private static List<String[]> words(Path file) {
    try {
      List<String[]> words = new ArrayList<>();
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        int hash = line.indexOf('#');
        words.add((hash < 0 ? line : line.substring(0, hash)).strip().split("\\s+", -1));
      }
      return words;
    } catch (IOException e) {
      return List.of();
    }
  }

  private static OptionalInt number(String text) {
    try {
      return OptionalInt.of(
          text.startsWith("0x")
              ? Integer.parseUnsignedInt(text.substring(2), 16)
              : Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
