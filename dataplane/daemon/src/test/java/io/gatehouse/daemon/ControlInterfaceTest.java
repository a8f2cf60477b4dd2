// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.ControlMethod;
import io.gatehouse.daemon.control.ControlServer;
import io.gatehouse.daemon.snmp.SnmpOptions;
import io.gatehouse.daemon.tunnels.MadeUpTunnels;
import io.gatehouse.linux.Rtnetlink;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The control interface as docs/control.md describes it, by a client that knows nothing else: a
 * socket, lines, and JSON.
 */
@Timeout(60)
class ControlInterfaceTest {
  private static final String PRIVATE = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
  private static final String EARLIER = "QFl+tGgPjyXMRhLjHLK1cYBS5TgBDjSQyHJPlUMuRH0=";
  private static final String SHARED = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=";
  private static final String OFF = "0A5nE2rzSIYXlcXJFPTVFDPKjhVjOnqzRUJRxvPzC3M=";
  private static final String IN_HOOK = "6Hn0uKMEMyCd8oI1dmM5/a6/Mz4gVpjNqAPxAvBPnHo=";
  private static final String IN_COMMENT = "gJjpDIE0O1TYqNUXzR+Fc3UTEK6U8pQzYV0CzW3jR3A=";
  private static final String BROKEN = "mAbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/ABCD";
  private static final String PASSPHRASE = "correct horse battery";
  private static final String ALICE = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=";
  private static final String DORA = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

  private static final String FILE =
      """
      [Interface]
      PrivateKey = %s
      Address = 10.0.0.1/24
      ListenPort = 51820
      # the phone has PrivateKey = %s
      PostUp = wg set %%i peer x preshared-key <(echo %s)

      [Peer]
      # friendly_name = Alice
      PublicKey = %s
      PresharedKey = %s
      AllowedIPs = 10.0.0.2/32

      #[disabled] [Peer]
      #[disabled] PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
      #[disabled] PresharedKey = %s
      """
          .formatted(PRIVATE, IN_COMMENT, IN_HOOK, ALICE, SHARED, OFF);

  @TempDir private Path state;
  private MadeUpTunnels tunnels;
  private SnmpDoor snmp;
  private ControlServer server;
  private int begun;

  @BeforeEach
  void start() throws IOException {
    tunnels = new MadeUpTunnels(state);
    snmp =
        SnmpDoor.open(
            new SnmpOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), state, "test"),
            tunnels.tunnels()::status,
            () -> 0);
    server =
        ControlServer.start(
            socket(),
            "",
            new RunningGateway(
                tunnels.tunnels(),
                Rtnetlink::open,
                new SnmpControl(snmp, text -> {}),
                new MonitoringControl(
                    snmp,
                    new MonitoringControl.Doors(
                        SnmpOptions.DEFAULT_ROOT,
                        List.of(),
                        Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9586)),
                        Optional.empty(),
                        true),
                    () -> 3),
                Backups.of(state, tunnels.tunnels(), () -> begun++, task -> {}),
                new ExportLog(state, InstantSource.system()),
                false));
  }

  @AfterEach
  void stop() {
    server.close();
    snmp.close();
    tunnels.close();
  }

  private Path socket() {
    return state.resolve("control.sock");
  }

  /** The whole client. */
  private static final class Client implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader lines;
    private final List<String> heard = new ArrayList<>();
    private int id;

    Client(Path socket) throws IOException {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      lines = new BufferedReader(Channels.newReader(channel, UTF_8));
    }

    String raw(String method, String params) throws IOException {
      id++;
      String line =
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + id
              + ",\"method\":\""
              + method
              + "\",\"params\":"
              + params
              + "}\n";
      ByteBuffer octets = ByteBuffer.wrap(line.getBytes(UTF_8));
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
      while (true) {
        String answer = line();
        if (answer.contains("\"id\":" + id)) {
          return answer;
        }
      }
    }

    JsonObject ask(String method, String params) throws IOException {
      return json(raw(method, params)).getJsonObject("result");
    }

    JsonObject next() throws IOException {
      return json(line());
    }

    private String line() throws IOException {
      String line = Objects.requireNonNull(lines.readLine(), "the server hung up");
      heard.add(line);
      return line;
    }

    private static JsonObject json(String line) {
      try (var reader = Json.createReader(new StringReader(line))) {
        return reader.readObject();
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Test
  void aClientFromThePageSubscribesEditsAndSeesTheChange() throws IOException {
    tunnels.drop("wg0.conf", FILE);
    try (Client watcher = new Client(socket());
        Client editor = new Client(socket())) {
      JsonObject status = watcher.ask("subscribe", "{\"protocol\":2}");
      assertThat(status.getInt("protocol")).isEqualTo(2);
      JsonObject wg0 = status.getJsonArray("tunnels").getJsonObject(0);
      assertThat(wg0.getJsonArray("peers").getJsonObject(0).getString("name")).isEqualTo("Alice");

      JsonObject changed =
          editor.ask(
              "edit",
              """
              {"dryRun":false,"origin":{"source":"REST","author":"carol","message":"a better name"},
               "files":[{"name":"wg0.conf","steps":[
                {"kind":"rename","peer":"%s","name":"Alice's phone"},
                {"kind":"set","peer":"%s","key":"gatehouse.note","values":["by the page"]}]}]}\
              """
                  .replace("\n", "")
                  .formatted(ALICE, ALICE));
      assertThat(changed.getString("diff")).contains("+# friendly_name = Alice's phone");
      assertThat(changed.getJsonArray("files").getJsonObject(0).getString("version"))
          .isEqualTo(editor.ask("file.read", "{\"name\":\"wg0.conf\"}").getString("version"));

      JsonObject changes;
      int sequence = 0;
      do {
        JsonObject told = watcher.next();
        assertThat(told.getString("method")).isEqualTo("changes");
        changes = told.getJsonObject("params");
        sequence++;
        assertThat(changes.getInt("sequence")).isEqualTo(sequence);
      } while (changes.getJsonArray("tunnels").isEmpty());
      JsonObject tunnel = changes.getJsonArray("tunnels").getJsonObject(0);
      assertThat(tunnel.getJsonObject("tunnel").getString("file")).isEqualTo("wg0.conf");
      assertThat(tunnel.getBoolean("whole")).isFalse();
      assertThat(tunnel.getJsonArray("peers")).hasSize(1);
      JsonObject peer = tunnel.getJsonArray("peers").getJsonObject(0);
      assertThat(peer.getString("publicKey")).isEqualTo(ALICE);
      assertThat(peer.getString("name")).isEqualTo("Alice's phone");
      assertThat(peer.getString("note")).isEqualTo("by the page");
      JsonObject newest =
          editor
              .ask("history.list", "{\"before\":\"\",\"limit\":1}")
              .getJsonArray("revisions")
              .getJsonObject(0);
      assertThat(newest.getString("author")).isEqualTo("carol");
      assertThat(newest.getString("source")).isEqualTo("REST");
      assertThat(newest.getString("message")).isEqualTo("a better name");
    }
  }

  /** Each method with parameters that make it say as much as it can. */
  private static Map<String, List<String>> everything(String version, String text) {
    Map<String, List<String>> calls = new LinkedHashMap<>();
    String disable =
        "\"files\":[{\"name\":\"wg0.conf\",\"steps\":[{\"kind\":\"disable\",\"peer\":\""
            + ALICE
            + "\"}]}]";
    calls.put("subscribe", List.of("{\"protocol\":2}", "{}"));
    calls.put("status", List.of("{}"));
    calls.put("file.list", List.of("{}"));
    calls.put("file.read", List.of("{\"name\":\"wg0.conf\"}", "{\"name\":\"bad.conf\"}"));
    calls.put(
        "file.write",
        List.of(
            write(version, text.replace("51820", "51821"), true),
            write(version, text.replace("51820", "51821"), false),
            write(version, text.replace("PrivateKey = (", "PublicKey = ("), false),
            write(version, text + "[Peer]\nPresharedKey = " + BROKEN + "\n", false),
            write(version, text.replaceAll("[(]hidden 1@[^)]*[)]", BROKEN), false)));
    calls.put(
        "file.create",
        List.of(
            "{\"name\":\"wg1.conf\",\"dryRun\":false,\"text\":\"[Interface]\\n"
                + "PrivateKey = (generate)\\n"
                + "\"}"));
    calls.put(
        "file.rename", List.of("{\"name\":\"wg1.conf\",\"to\":\"wg2.conf\",\"dryRun\":false}"));
    calls.put("file.remove", List.of("{\"name\":\"wg2.conf\",\"dryRun\":false}"));
    calls.put(
        "edit", List.of("{\"dryRun\":true," + disable + "}", "{\"dryRun\":false," + disable + "}"));
    calls.put("peer.propose", List.of("{\"tunnel\":\"wg0\",\"count\":3}"));
    calls.put(
        "peer.add",
        List.of(
            "{\"tunnel\":\"wg0\",\"name\":\"\",\"publicKey\":\""
                + "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="
                + "\",\"allowedIps\":[],\"endpoint\":\"\",\"persistentKeepalive\":0,\"presharedKey\":\""
                + SHARED
                + "\"}"));
    calls.put(
        "plan",
        List.of(
            "{\"files\":[]}",
            Json.createObjectBuilder()
                .add(
                    "files",
                    Json.createArrayBuilder()
                        .add(
                            Json.createObjectBuilder()
                                .add("name", "wg0.conf")
                                .add("text", FILE.replace(PRIVATE, EARLIER).replace(SHARED, OFF))))
                .build()
                .toString()));
    calls.put(
        "check",
        List.of(
            "{\"file\":\"wg0.conf\"}",
            Json.createObjectBuilder()
                .add("file", "wg0.conf")
                .add("text", FILE.replace("AllowedIPs", "AllowedIP"))
                .build()
                .toString()));
    calls.put("tunnel.approve", List.of("{\"tunnels\":[\"wg0\"]}"));
    calls.put("drift.takeFile", List.of("{\"tunnel\":\"wg0\"}"));
    calls.put("drift.takeRunning", List.of("{\"tunnel\":\"wg0\"}"));
    calls.put("drift.ignore", List.of("{\"tunnel\":\"wg0\"}"));
    calls.put("tunnel.save", List.of("{\"tunnel\":\"wg0\"}"));
    calls.put("tunnel.down", List.of("{\"tunnel\":\"wg0\"}", "{\"tunnel\":\"wg0\"}"));
    calls.put("tunnel.up", List.of("{\"tunnel\":\"wg0\"}"));
    calls.put("explain", List.of("{\"source\":\"127.0.0.1\",\"destination\":\"10.0.0.2\"}"));
    calls.put("history.list", List.of("{\"before\":\"\",\"limit\":99}"));
    calls.put("history.show", List.of("{\"revision\":\"HEAD\"}", "{\"revision\":\"HEAD~1\"}"));
    calls.put("history.diff", List.of("{\"from\":\"HEAD~3\",\"to\":\"HEAD\"}"));
    calls.put("commit.begin", List.of("{\"seconds\":60," + ORIGIN + "}"));
    calls.put("commit.confirm", List.of("{}"));
    calls.put(
        "history.restore", List.of("{\"revision\":\"HEAD~2\",\"file\":\"\"," + ORIGIN + "}", "{}"));
    calls.put("commit.revert", List.of("{}"));
    calls.put(
        "snmp.user.add",
        List.of(
            "{\"name\":\"noc\",\"authPassphrase\":\""
                + PASSPHRASE
                + "\",\"privPassphrase\":\"another "
                + PASSPHRASE
                + "\"}"));
    calls.put("snmp.user.list", List.of("{}"));
    calls.put("snmp.target.add", List.of("{\"address\":\"127.0.0.1:9\",\"user\":\"noc\"}"));
    calls.put("snmp.target.list", List.of("{}"));
    calls.put("snmp.trap.test", List.of("{\"text\":\"hello\"}"));
    calls.put("snmp.target.remove", List.of("{\"address\":\"127.0.0.1:9\"}"));
    calls.put("snmp.user.remove", List.of("{\"name\":\"noc\"}"));
    calls.put(
        "backup.make",
        List.of("{\"console\":[{\"name\":\"users\",\"octets\":\"YWRtaW4=\"}]," + ORIGIN + "}"));
    calls.put("backup.read", List.of("{\"id\":\"nothing\",\"offset\":0}"));
    calls.put("restore.send", List.of("{\"octets\":\"R0FURUhPVVNF\"}", "{\"octets\":\"?\"}"));
    calls.put(
        "restore.look",
        List.of("{\"id\":\"nothing\",\"passphrase\":\"" + PASSPHRASE + "\"}", "{\"id\":\"x\"}"));
    calls.put("restore.apply", List.of("{\"id\":\"nothing\"," + ORIGIN + "}"));
    calls.put("monitoring", List.of("{}"));
    calls.put("monitoring.file", List.of("{\"name\":\"WG-GATEWAY-MIB.txt\"}"));
    return calls;
  }

  private static final String ORIGIN =
      "\"origin\":{\"source\":\"CONSOLE\",\"author\":\"alice\",\"message\":\"\"}";

  private static String write(String version, String text, boolean dryRun) {
    return Json.createObjectBuilder()
        .add("name", "wg0.conf")
        .add("base", version)
        .add("text", text)
        .add("dryRun", dryRun)
        .build()
        .toString();
  }

  @Test
  void noAnswerButThatOfTheExportHasAKey() throws Exception {
    tunnels.drop("wg0.conf", FILE.replace(PRIVATE, EARLIER));
    tunnels.drop("wg0.conf", FILE);
    tunnels.drop("bad.conf", "[Interface]\nPrivateKey = " + BROKEN + "\n" + PRIVATE + "\n");
    List<String> answers = new ArrayList<>();
    List<String> heard;
    try (Client client = new Client(socket())) {
      JsonObject read = client.ask("file.read", "{\"name\":\"wg0.conf\"}");
      Map<String, List<String>> calls =
          everything(read.getString("version"), read.getString("text"));
      List<String> methods = new ArrayList<>();
      for (Field method : ControlMethod.class.getFields()) {
        methods.add((String) method.get(null));
      }
      methods.removeAll(List.of(ControlMethod.FILE_EXPORT, ControlMethod.CHANGES));
      heard = client.heard;
      assertThat(calls.keySet()).as("every method there is").containsAll(methods);
      for (Map.Entry<String, List<String>> method : calls.entrySet()) {
        for (String params : method.getValue()) {
          answers.add(client.raw(method.getKey(), params));
        }
        assertThat(answers.getLast()).as(method.getKey()).doesNotContain("-32603", "-32601");
      }
    }
    assertThat(answers)
        .as("good ones")
        .filteredOn(answer -> answer.contains("\"result\""))
        .hasSizeGreaterThan(24);
    for (String key :
        List.of(PRIVATE, EARLIER, SHARED, OFF, IN_HOOK, IN_COMMENT, BROKEN + "=", PASSPHRASE)) {
      assertThat(heard).noneMatch(line -> line.contains(key.substring(0, 20)));
      if (key.endsWith("=")) {
        String hex = HexFormat.of().formatHex(Base64.getDecoder().decode(key));
        assertThat(heard).noneMatch(line -> line.toLowerCase(Locale.ROOT).contains(hex));
      }
    }
    assertThat(String.join("", heard)).contains(ALICE, DORA);
  }

  @Test
  void anExportHasTheKeysAndIsWrittenDown() throws Exception {
    tunnels.drop("wg0.conf", FILE);
    try (Client client = new Client(socket())) {
      JsonObject exported = client.ask("file.export", "{\"name\":\"wg0.conf\"," + ORIGIN + "}");
      assertThat(exported.getString("text")).isEqualTo(FILE);
      assertThat(client.raw("file.export", "{\"name\":\"wg9.conf\"}")).contains("NO-SUCH-FILE");
    }
    Path log = state.resolve("exports.log");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-------");
    List<String> lines = Files.readAllLines(log);
    assertThat(lines).hasSize(2).noneMatch(line -> line.contains(PRIVATE));
    String user = System.getProperty("user.name");
    assertThat(lines.getFirst())
        .contains(
            "\"file\":\"wg0.conf\"",
            "\"granted\":true",
            "\"user\":\"" + user + "\"",
            "\"author\":\"alice\"");
    assertThat(lines.getLast()).contains("\"author\":\"" + user + "\"");
  }

  @Test
  void anExportThatCannotBeWrittenDownIsNotMade() throws Exception {
    tunnels.drop("wg0.conf", FILE);
    Files.createDirectory(state.resolve("exports.log"));
    try (Client client = new Client(socket())) {
      assertThat(client.raw("file.export", "{\"name\":\"wg0.conf\"}"))
          .contains("EXPORT-NOT-RECORDED")
          .doesNotContain(PRIVATE);
    }
  }
}
