// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * {@code install/run} as README.md says that a person starts it, and ends it, with what was just
 * built, in a network namespace of its own and a peer in another. One story, told in order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstallRunIT {
  private static final String BASE = "https://127.0.0.1:8443";
  private static final String PASSWORD = "a quiet river stone";
  private static final String WG_PEER_IN_OCTETS = ".1.3.6.1.4.1.8072.9999.9999.5182.5.1.12";
  private static final String WG_PEER_OUT_OCTETS = ".1.3.6.1.4.1.8072.9999.9999.5182.5.1.13";
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\"[^>]* value=\"([^\"]*)\"");

  private static Path home;
  private static Machine gateway;
  private static Machine peer;
  private static Machine.Program gatehouse;
  private static JsonObject before;

  @BeforeAll
  static void start() throws IOException {
    // Everyone may enter, since the console runs as a user of its own.
    home =
        Files.setPosixFilePermissions(
            Files.createTempDirectory("gh-run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    String prefix = "gh-run-" + ProcessHandle.current().pid();
    gateway = new Machine(prefix + "-gateway", home.resolve("gateway"));
    peer = new Machine(prefix + "-peer", home.resolve("peer"));
    gateway.connect(peer);
    Peer.start(peer);
    List<String> words = new ArrayList<>(List.of("env", "-C", TypedPage.PROJECT.toString()));
    words.addAll(TypedPage.command("../README", "run"));
    words.addAll(List.of("--no-build", "--tunnels", home.resolve("tunnels").toString()));
    words.addAll(List.of("--state", home.resolve("state").toString()));
    words.addAll(List.of("--run", home.resolve("run").toString()));
    words.addAll(List.of("--port", "8443", "--snmp", "127.0.0.1:1161"));
    gatehouse = gateway.start(Map.of(), words.toArray(String[]::new));
    gatehouse.until("everything runs", () -> gatehouse.said().contains("Ctrl-C stops Gatehouse"));
  }

  @AfterAll
  static void clear() throws IOException {
    for (Machine machine : new Machine[] {gateway, peer}) {
      if (machine != null) {
        machine.close();
      }
    }
    try (var files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  @Order(1)
  void itSaysWhereEverythingIs() {
    assertThat(said("Console")).isEqualTo(BASE + "/");
    assertThat(said("Certificate"))
        .isEqualTo(
            "SHA-256 "
                + gateway
                    .run(
                        "sh",
                        "-c",
                        "openssl s_client -connect 127.0.0.1:8443 </dev/null 2>/dev/null"
                            + " | openssl x509 -noout -fingerprint -sha256")
                    .strip()
                    .replaceFirst(".*=", ""));
    assertThat(setupCode()).matches("[0-9A-Z]{5}(-[0-9A-Z]{5}){3}");
    assertThat(said("Tunnels")).startsWith(home.resolve("tunnels") + " ");
    assertThat(said("SNMP")).startsWith("off until a user exists").endsWith("127.0.0.1:1161");
  }

  @Test
  @Order(2)
  void theConsoleHasNoRightsAndTheDataPlaneNoWebServer() {
    String console = gateway.run("ps", "-o", "user=", "-p", listener()).strip();
    assertThat(console).isEqualTo("gatehouse");
    assertThat(gateway.run("grep", "CapBnd", "/proc/" + listener() + "/status"))
        .containsPattern("0000000000000000");
    assertThat(gateway.run("ss", "-Hlnt").lines()).hasSize(1);
  }

  @Test
  @Order(3)
  void theSetupCodeMakesTheAdministratorOnce() {
    String answer =
        submit(
            "setup",
            "setup:code=" + setupCode(),
            "setup:user=admin",
            "setup:password=" + PASSWORD,
            "setup:repeat=" + PASSWORD);
    assertThat(answer).startsWith("HTTP/1.1 302").contains("/new-tunnel");
    assertThat(home.resolve("state-console/setup-code")).doesNotExist();
    assertThat(curl(BASE + "/setup")).startsWith("HTTP/1.1 302").contains("/login");
  }

  @Test
  @Order(4)
  void aDroppedFileIsATunnelThatCarriesTraffic() throws IOException {
    Path half =
        Files.createTempFile(
            home,
            "wg0",
            ".conf",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        half,
        """
        [Interface]
        PrivateKey = %s
        Address = 10.0.0.1/32
        ListenPort = 51821

        [Peer]
        PublicKey = %s
        AllowedIPs = 192.168.200.0/24
        Endpoint = 203.0.113.2:51822
        """
            .formatted(Peer.GATEWAY_PRIVATE, Peer.PUBLIC));
    Files.move(half, home.resolve("tunnels/wg0.conf"));
    Machine.until(
        "the tunnel carries a packet",
        () -> gateway.does("ping", "-c", "1", "-W", "1", "192.168.200.1"),
        gatehouse);
    assertThat(gateway.run("ss", "-Hulnp", "sport", "=", ":51821")).contains("java");
    Machine.until(
        "the console shows it",
        () -> body(curl(BASE + "/api/v1/status")).contains("\"state\":\"UP\",\"endpoint\""),
        gatehouse);
  }

  @Test
  @Order(5)
  void aKilledConsoleLosesNoPacketAndComesBack() {
    before = status();
    int packets = onlyPeer(before).getInt("rxPackets");
    String killed = listener();
    Machine.Program flood =
        peer.start(Map.of(), "ping", "-q", "-i", "0.002", "-c", "8000", "10.0.0.1");
    flood.until("packets flow", () -> onlyPeer(status()).getInt("rxPackets") > packets + 500);

    gateway.run("kill", "-KILL", killed);

    gatehouse.until(
        "the console is back",
        () -> gateway.does("curl", "-ksf", "--max-time", "20", BASE + "/health/ready"));
    assertThat(listener()).isNotEqualTo(killed);
    assertThat(flood.end()).isZero();
    assertThat(flood.said()).contains("8000 packets transmitted, 8000 received, 0% packet loss");
  }

  @Test
  @Order(6)
  void theNewConsoleShowsTheSameState() {
    assertThat(curl(BASE + "/api/v1/status")).startsWith("HTTP/1.1 401");
    assertThat(submit("login", "login:user=admin", "login:password=" + PASSWORD))
        .startsWith("HTTP/1.1 302")
        .contains("/overview");
    JsonObject after = status();
    assertThat(after.getJsonNumber("started")).isEqualTo(before.getJsonNumber("started"));
    assertThat(onlyTunnel(after).getInt("ifIndex")).isEqualTo(onlyTunnel(before).getInt("ifIndex"));
    for (String same : List.of("number", "publicKey", "endpoint", "allowedIps", "state")) {
      assertThat(onlyPeer(after).get(same)).as(same).isEqualTo(onlyPeer(before).get(same));
    }
    for (String counter : List.of("rxPackets", "txPackets")) {
      assertThat(onlyPeer(after).getInt(counter))
          .as(counter)
          .isGreaterThanOrEqualTo(onlyPeer(before).getInt(counter) + 8000);
    }
    String page = curl(BASE + "/tunnels");
    assertThat(page).startsWith("HTTP/1.1 200").contains("data-tunnel=\"wg0\"", "192.168.200.0/24");
  }

  @Test
  @Order(7)
  void theSnmpAgentSaysWhatWgSaysOnceItHasAUser() {
    gateway.run(
        "sh",
        "-c",
        "printf '%s\\n' 'a long first passphrase' 'a long second passphrase'"
            + " | \"$0\" --socket \"$1\" snmp user add monitor",
        program("bin/gatehouse"),
        home.resolve("run/control.sock").toString());
    // A keepalive may fall between two looks; two equal ones around a third hold it fast.
    Machine.until(
        "SNMP and wg say the same",
        () -> {
          String earlier = gateway.run("wg", "show", "wg0", "transfer");
          String walked = walk(WG_PEER_IN_OCTETS) + "\t" + walk(WG_PEER_OUT_OCTETS);
          String later = gateway.run("wg", "show", "wg0", "transfer");
          return earlier.equals(later) && later.strip().equals(Peer.PUBLIC + "\t" + walked);
        },
        gatehouse);
  }

  @Test
  @Order(8)
  void ctrlCEndsBothAndTakesTheTunnelDown() {
    gatehouse.signal("INT");
    assertThat(gatehouse.end()).isZero();
    assertThat(gateway.processes()).isEmpty();
    assertThat(gateway.has("wg0")).isFalse();
    assertThat(gateway.hasSocket("wg0")).isFalse();
    assertThat(home.resolve("run")).isEmptyDirectory();
    assertThat(home.resolve("tunnels/wg0.conf")).exists();
  }

  /** What {@code install/run} printed behind a word and a colon. */
  private static String said(String word) {
    Matcher line = Pattern.compile("(?m)^" + word + ":\\s+(.*)$").matcher(gatehouse.said());
    assertThat(line.find()).as(gatehouse.said()).isTrue();
    return line.group(1);
  }

  private static String setupCode() {
    return said("Setup code").replaceFirst(" .*", "");
  }

  /** A program of the folder {@code install}. */
  private static String program(String name) {
    return Path.of("../install").toAbsolutePath().resolve(name).toString();
  }

  /** The one value below a column of the MIB. */
  private static String walk(String column) {
    return gateway
        .run(
            "snmpwalk",
            "-m",
            "",
            "-Oqv",
            "-v3",
            "-l",
            "authPriv",
            "-a",
            "SHA-256",
            "-x",
            "AES",
            "-u",
            "monitor",
            "-A",
            "a long first passphrase",
            "-X",
            "a long second passphrase",
            "127.0.0.1:1161",
            column)
        .strip();
  }

  /** The number of the process that serves the console. */
  private static String listener() {
    Matcher pid =
        Pattern.compile("pid=(\\d+)").matcher(gateway.run("ss", "-Hltnp", "sport", "=", ":8443"));
    assertThat(pid.find()).isTrue();
    return pid.group(1);
  }

  private static JsonObject status() {
    String answer = curl(BASE + "/api/v1/status");
    assertThat(answer).startsWith("HTTP/1.1 200");
    try (var json = Json.createReader(new StringReader(body(answer)))) {
      return json.readObject();
    }
  }

  private static JsonObject onlyTunnel(JsonObject status) {
    assertThat(status.getJsonArray("tunnels")).hasSize(1);
    return status.getJsonArray("tunnels").getJsonObject(0);
  }

  private static JsonObject onlyPeer(JsonObject status) {
    assertThat(onlyTunnel(status).getJsonArray("peers")).hasSize(1);
    return onlyTunnel(status).getJsonArray("peers").getJsonObject(0);
  }

  /** Fills a form as a browser does: fetches it and sends it back with its hidden fields. */
  private static String submit(String form, String... fields) {
    List<String> all = new ArrayList<>(Arrays.asList(fields));
    Matcher hidden = HIDDEN.matcher(body(curl(BASE + "/" + form)));
    while (hidden.find()) {
      all.add(hidden.group(1) + "=" + hidden.group(2));
    }
    all.add(form + ":submit=");
    List<String> words = new ArrayList<>();
    all.forEach(field -> words.addAll(List.of("--data-urlencode", field)));
    words.add(BASE + "/" + form);
    return curl(words.toArray(String[]::new));
  }

  /** Status line, headers and body of an answer, by one browser session. */
  private static String curl(String... words) {
    String cookies = home.resolve("cookies").toString();
    List<String> all =
        new ArrayList<>(
            List.of("curl", "-ksi", "--http1.1", "--max-time", "20", "-b", cookies, "-c", cookies));
    all.addAll(Arrays.asList(words));
    return gateway.run(all.toArray(String[]::new));
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }
}
