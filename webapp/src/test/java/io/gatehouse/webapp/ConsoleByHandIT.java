// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A console that is started, looked at and recovered by what docs/console.md tells to type. */
class ConsoleByHandIT {
  private static final String BASE = "https://127.0.0.1:8443";

  /** As it is kept; nobody has the password. */
  private static final String USERS = "admin:admin:nobody has this password\n";

  @Test
  void whatThePageTellsToTypeStartsAndRecoversAConsole() throws IOException {
    Path home = Files.createTempDirectory("gh-by-hand");
    Path state = Files.createDirectory(home.resolve("state"));
    Path secrets = Files.createDirectory(home.resolve("secrets"));
    Map<String, String> directories =
        Map.of(
            "WLP", TypedPage.PROJECT.resolve("webapp/target/liberty/wlp").toString(),
            "STATE", state.toString(),
            "LOGS", home.resolve("logs").toString(),
            "SECRETS", secrets.toString());
    Files.writeString(state.resolve("users"), USERS);
    try (Machine machine =
        new Machine("gh-by-hand-" + ProcessHandle.current().pid(), home.resolve("machine"))) {
      Machine.Program secret =
          machine.start(
              directories, "bash", "-euo", "pipefail", "-c", TypedPage.block("console", "secrets"));
      assertThat(secret.end()).as(secret.said()).isZero();
      String start =
          TypedPage.block("console", "start")
              .replace("JAVA_HOME=...", "JAVA_HOME=" + System.getProperty("java.home"));
      Machine.Program console = machine.start(directories, "bash", "-euo", "pipefail", "-c", start);
      console.until(
          "pages are served",
          () -> machine.does("curl", "-ksf", "--max-time", "20", BASE + "/health/started"));

      assertThat(type(machine, TypedPage.block("console", "fingerprint")))
          .isEqualTo(
              type(
                  machine,
                  "openssl pkcs12 -nokeys -in %s -passin file:%s | openssl x509 -noout -fingerprint -sha256"
                      .formatted(
                          state.resolve("liberty/gatehouse/resources/security/key.p12"),
                          secrets.resolve("keystore_password"))))
          .containsIgnoringCase("sha256 Fingerprint=");

      String toSetup = "href=\"/setup\"";
      assertThat(login(machine)).startsWith("HTTP/1.1 200").doesNotContain(toSetup);
      type(machine, here(TypedPage.block("console", "recover"), state));
      assertThat(login(machine)).startsWith("HTTP/1.1 200").contains(toSetup);
      assertThat(type(machine, here(TypedPage.block("console", "code"), state)).strip())
          .matches("[0-9A-Z]{5}(-[0-9A-Z]{5}){3}");

      console.signal("TERM");
      assertThat(console.end()).isEqualTo(128 + 15);
    } finally {
      try (var files = Files.walk(home)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static String login(Machine machine) {
    return machine.run("curl", "-ksi", "--http1.1", "--max-time", "20", BASE + "/login");
  }

  private static String type(Machine machine, String commands) {
    return machine.run("bash", "-euo", "pipefail", "-c", commands);
  }

  /** With the directory of this console in the place of the package's. */
  private static String here(String commands, Path state) {
    assertThat(commands).contains("/var/lib/gatehouse-console/");
    return commands.replace("/var/lib/gatehouse-console/", state + "/");
  }
}
