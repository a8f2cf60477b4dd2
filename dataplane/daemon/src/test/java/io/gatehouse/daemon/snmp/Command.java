// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a command line tool answered.
 *
 * @param text standard output and standard error
 */
record Command(int exit, String text) {
  /** Runs one of net-snmp's tools, away from the configuration and the memory of this machine. */
  static Command netSnmp(Path home, List<String> words) {
    try {
      // Made here, since the tools report it on the first line when they make it.
      Files.createDirectories(home.resolve("cert_indexes"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run(
        Map.of("SNMPCONFPATH", home.toString(), "SNMP_PERSISTENT_DIR", home.toString()), words);
  }

  /** Runs a tool; a tool that is missing fails the test. */
  static Command run(Map<String, String> environment, List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Command(process.waitFor(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(
          words.getFirst()
              + " is needed for this test (packages snmp, snmptrapd, libsnmp-base, smitools)",
          e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
