// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.PEER;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup that a program made over the control socket makes the gateway what it was. */
class RestoreIT {
  private static final String PASSPHRASE = "correct horse battery";

  private Lab lab;
  private Gatehouse gatehouse;

  @BeforeEach
  void start() throws IOException {
    lab = new Lab();
    gatehouse = Gatehouse.start(lab, lab.gateway);
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "");
    gatehouse.drop("wg0.conf", file());
    eventually("wg0 is up", this::hasRoute, this::log);
    pings(lab.gateway, "192.168.200.1");
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void theSameProcessGoesOnAsTheGatewayOfThen() throws IOException {
    Path passphrase = Files.writeString(lab.gateway.home().resolve("passphrase"), PASSPHRASE);
    assertThat(
            refusal(
                "backup.make",
                Json.createObjectBuilder().add("console", Json.createArrayBuilder())))
        .contains("NO-BACKUP-PASSPHRASE", "gatehouse backup-passphrase");
    lab.gateway.run(
        "env",
        "GATEHOUSE_STATE_DIRECTORY=" + lab.gateway.home().resolve("state"),
        Gatehouse.program("gatehouse"),
        "backup-passphrase",
        "--passphrase-file",
        passphrase.toString());
    JsonObject made =
        ask("backup.make", Json.createObjectBuilder().add("console", Json.createArrayBuilder()));
    String octets =
        ask(
                "backup.read",
                Json.createObjectBuilder().add("id", made.getString("id")).add("offset", 0))
            .getString("octets");
    String history = gatehouse.command(lab.gateway, "history", "list", "--json");
    gatehouse.remove("wg0.conf");
    gatehouse.drop("wg7.conf", "[Interface]\nPrivateKey = " + Keys.random().privateKey() + "\n");
    eventually("wg7 is up and wg0 is not", () -> interfaces().equals("wg7"), this::log);
    long process = gatehouse.daemon().pid();

    String id =
        ask("restore.send", Json.createObjectBuilder().add("octets", octets)).getString("id");
    JsonObject preview =
        ask("restore.look", Json.createObjectBuilder().add("id", id).add("passphrase", PASSPHRASE));
    assertThat(preview.getJsonArray("files").toString())
        .contains("\"name\":\"wg0.conf\",\"change\":\"ADDED\"")
        .contains("\"name\":\"wg7.conf\",\"change\":\"REMOVED\"");
    assertThat(interfaces()).isEqualTo("wg7");
    ask("restore.apply", Json.createObjectBuilder().add("id", id));

    eventually(
        "wg0 is up and wg7 is not", () -> interfaces().equals("wg0") && hasRoute(), this::log);
    pings(lab.gateway, "192.168.200.1");
    assertThat(gatehouse.daemon().pid()).isEqualTo(process);
    assertThat(gatehouse.daemon().isAlive()).isTrue();
    assertThat(WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey())).isNotNull();
    assertThat(gatehouse.tunnels().resolve("wg0.conf")).hasContent(file());
    eventually(
        "the history is that of then",
        () -> gatehouse.command(lab.gateway, "history", "list", "--json").equals(history),
        this::log);
  }

  private JsonObject ask(String method, JsonObjectBuilder params) {
    JsonObject answer = answer(method, params);
    assertThat(answer).as(method).containsKey("result");
    return answer.getJsonObject("result");
  }

  private String refusal(String method, JsonObjectBuilder params) {
    return String.valueOf(answer(method, params).get("error"));
  }

  private JsonObject answer(String method, JsonObjectBuilder params) {
    Path socket = lab.gateway.home().resolve("gatehouse/control.sock");
    return ControlLine.ask(socket, method, params.build()).orElseThrow();
  }

  private boolean hasRoute() {
    return lab.gateway.run("ip", "route", "show", "table", "all").contains("192.168.200.0");
  }

  private String interfaces() {
    return lab.gateway.run("wg", "show", "interfaces").strip();
  }

  private String log() {
    return gatehouse.daemon().log();
  }
}
