// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code gatehouse-dataplane --simulate} as somebody without any right, who has nothing but a
 * directory: the peers of the simulation are seen by every door of the product.
 */
class SimulationIT {
  private static final String NOBODY = "65534";

  private static Lab lab;
  private static Daemon daemon;
  private static Path directory;
  private static Path product;

  @BeforeAll
  static void start() throws IOException {
    lab = new Lab();
    Path home = lab.gateway.home();
    // Nobody may look into the clone, perhaps.
    product = home.resolve("product");
    directory = home.resolve("simulation");
    Files.createDirectories(product.resolve("dataplane/daemon"));
    Files.createDirectories(directory);
    for (String part : new String[] {"install", "etc", "dataplane/daemon/target"}) {
      Files.createDirectories(product.resolve(part));
    }
    copy("install/.", "install");
    copy("etc/.", "etc");
    lab.gateway.run(
        "sh",
        "-c",
        "cp -r \"$0\"/gatehouse-daemon-*.jar \"$0\"/lib \"$1\"",
        Lab.PROJECT.resolve("dataplane/daemon/target").toString(),
        product.resolve("dataplane/daemon/target").toString());
    lab.gateway.run("chmod", "-R", "go+rX", product.toString());
    lab.gateway.run("chown", NOBODY + ":" + NOBODY, directory.toString());
    for (Path above = home; above.getNameCount() > 1; above = above.getParent()) {
      lab.gateway.run("chmod", "go+x", above.toString());
    }
    List<String> words = new ArrayList<>(asNobody());
    words.addAll(
        List.of(
            product.resolve("install/bin/gatehouse-dataplane").toString(),
            "--simulate",
            directory.toString()));
    daemon = lab.keep(lab.gateway.start(words.toArray(String[]::new)));
    daemon.ready("the simulation serves", () -> daemon.log().contains("ready after"));
    daemon.ready(
        "both tunnels are up",
        () -> status().getJsonArray("tunnels").toString().split("\"state\":\"UP\"").length > 2);
  }

  private static void copy(String from, String to) {
    lab.gateway.run(
        "cp", "-r", Lab.PROJECT.resolve(from).toString(), product.resolve(to).toString());
  }

  private static List<String> asNobody() {
    return List.of(
        "setpriv",
        "--reuid",
        NOBODY,
        "--regid",
        NOBODY,
        "--clear-groups",
        "--bounding-set=-all",
        "--inh-caps=-all",
        "--no-new-privs");
  }

  @AfterAll
  static void stop() {
    lab.gateway.run("kill", Long.toString(daemon.pid()));
    eventually("it has ended", () -> !daemon.isAlive());
    String log = daemon.log();
    lab.close();
    // Not only that it is about to end: what is said about the end must not be lost.
    assertThat(log).contains("stopping: taking the tunnels down").endsWith("stopped\n");
  }

  @Test
  void itHasNoRightAndMakesNoInterface() throws IOException {
    assertThat(Files.readString(Path.of("/proc/" + daemon.pid() + "/status")))
        .containsPattern("CapPrm:\\s+0+\n")
        .containsPattern("CapEff:\\s+0+\n")
        .containsPattern("Uid:\\s+65534\\s");
    assertThat(lab.gateway.run("ip", "-br", "link")).doesNotContain("road").doesNotContain("sites");
    assertThat(lab.gateway.run("ss", "-Hlun"))
        .contains("127.0.0.1:52820")
        .contains("127.0.0.1:52821")
        .doesNotContain("0.0.0.0:52820")
        .doesNotContain("*:52820");
  }

  @Test
  void peersComeAndTrafficGoesBothWays() {
    assertThat(status().getBoolean("simulated")).isTrue();
    eventually("Alice has had answers", () -> octets(peer("Alice")) > 100_000, daemon::log);
    eventually("Bob has had answers from Lyon", () -> octets(peer("Bob")) > 50_000, daemon::log);
    eventually("Lyon has a session", () -> is("Lyon", "UP"), daemon::log);
    eventually("Oslo's preshared key is wrong", () -> is("Oslo", "RETRYING"), daemon::log);
    assertThat(peer("Ivan").getString("state")).isEqualTo("NEVER");
    assertThat(peer("Judy").getString("state")).isEqualTo("EXPIRED");
    assertThat(peer("Niaj").getString("state")).isEqualTo("DISABLED");
    assertThat(peer("Alice").getString("endpoint")).startsWith("127.0.0.");
  }

  @Test
  void whoMisbehavesIsSeenByTheReasonsOfDrops() {
    Set<String> seen = new TreeSet<>();
    eventually(
        "every kind of mischief is counted",
        () -> {
          reasons(peer("Mallory"), seen);
          reasons(tunnel("road"), seen);
          return seen.containsAll(
              Set.of(
                  "REPLAYED",
                  "SOURCE_NOT_ALLOWED",
                  "BAD_MAC1",
                  "AUTH_FAILED",
                  "UNKNOWN_INDEX",
                  "UNKNOWN_TYPE",
                  "UNKNOWN_PEER"));
        },
        () -> seen + "\n" + daemon.log());
  }

  @Test
  void theMachineThatIsPlayedKnowsItsRoutes() {
    JsonObject way =
        ControlLine.ask(
                socket(),
                "explain",
                Json.createObjectBuilder()
                    .add("source", "10.70.0.3")
                    .add("destination", "192.168.71.10")
                    .build())
            .orElseThrow()
            .getJsonObject("result");
    assertThat(way.getString("arrivesBy")).isEqualTo("road");
    assertThat(way.getString("leavesBy")).isEqualTo("sites");
    assertThat(way.getString("peerName")).isEqualTo("Lyon");
  }

  @Test
  void theCommandLineAndSnmpServeIt() {
    eventually("Alice has a session", () -> is("Alice", "UP"), daemon::log);
    List<String> show = new ArrayList<>(List.of("env", "GATEHOUSE_CONFIG=" + settings()));
    show.addAll(asNobody());
    show.addAll(List.of(product.resolve("install/bin/gatehouse").toString(), "show", "road"));
    assertThat(lab.gateway.run(show.toArray(String[]::new)))
        .contains("listening port: 52820")
        .contains("latest handshake:");
    assertThat(
            lab.gateway.run(
                "snmpget",
                "-v3",
                "-l",
                "authPriv",
                "-u",
                "simulation",
                "-a",
                "SHA-256",
                "-A",
                "simulated-auth",
                "-x",
                "AES",
                "-X",
                "simulated-priv",
                "-On",
                "127.0.0.1:1161",
                "1.3.6.1.2.1.1.1.0"))
        .contains("(simulated)");
  }

  private static Path socket() {
    return directory.resolve("control.sock");
  }

  private static Path settings() {
    return directory.resolve("gatehouse.properties");
  }

  private static JsonObject status() {
    return ControlLine.ask(socket(), "status", JsonValue.EMPTY_JSON_OBJECT)
        .orElseThrow()
        .getJsonObject("result");
  }

  private static JsonObject tunnel(String name) {
    return status().getJsonArray("tunnels").stream()
        .map(JsonValue::asJsonObject)
        .filter(tunnel -> tunnel.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static JsonObject peer(String name) {
    return status().getJsonArray("tunnels").stream()
        .flatMap(tunnel -> tunnel.asJsonObject().getJsonArray("peers").stream())
        .map(JsonValue::asJsonObject)
        .filter(peer -> peer.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static boolean is(String name, String state) {
    return peer(name).getString("state").equals(state);
  }

  /** The lesser of both ways. */
  private static long octets(JsonObject peer) {
    return Math.min(
        10 * peer.getJsonNumber("rxBytes").longValue(), peer.getJsonNumber("txBytes").longValue());
  }

  private static void reasons(JsonObject of, Set<String> seen) {
    of.getJsonArray("drops").stream()
        .map(JsonValue::asJsonObject)
        .filter(drop -> drop.getJsonNumber("count").longValue() > 0)
        .forEach(drop -> seen.add(drop.getString("reason")));
  }
}
