// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.webapp.TypedPage;
import io.gatehouse.webapp.fake.Archive;
import io.gatehouse.webapp.fake.FakeGateway;
import io.gatehouse.webapp.fake.Fleet;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The REST interface of the real archive in the real server: its document, whatever the document
 * allows, and whom each operation is for. The tunnels are made up.
 */
@ArquillianTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestIT {
  private static final Path DIRECTORY = Path.of(System.getProperty("it.directory"));
  private static final List<String> ROLES = List.of("viewer", "operator", "admin");
  private static final String ROAD = "/api/v1/tunnels/road/peers";
  private static final String VERSION = "8f3a".repeat(10);
  private static final String STEP = "{\"kind\":\"disable\",\"peer\":\"K\"}";

  /** A key that is not hidden. */
  private static final Pattern KEY =
      Pattern.compile("(?i)(?:private|preshared)key\\s*=\\s*+(?!\\(hidden|\\(generate)");

  private static final Rest REST = new Rest();
  private static final byte[] NOTHING = {};

  private static FakeGateway gateway;
  private static Document document;

  @Deployment(testable = false)
  static WebArchive console() throws IOException {
    Path state = Files.createDirectories(DIRECTORY.resolve("state"));
    Files.deleteIfExists(state.resolve("audit.log"));
    // Users who never log in: a program shows a token, of which the console has only the hash.
    List<String> users = new ArrayList<>();
    List<String> tokens = new ArrayList<>();
    for (String role : ROLES) {
      users.add(role + ":" + role + ":nobody has this password");
      tokens.add(
          "id-"
              + role
              + ":"
              + role
              + ":"
              + role
              + ":"
              + Rest.hash(token(role))
              + ":0:32503680000:0:it");
    }
    Files.write(state.resolve("users"), users);
    Files.write(state.resolve("tokens"), tokens);
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/console.war"));
  }

  @BeforeAll
  static void open() throws IOException {
    gateway = new FakeGateway(DIRECTORY.resolve("control.sock"), Fleet.of(64));
    Rest.Answer answer = REST.send("GET", "/openapi", "", Map.of("Accept", "application/json"), "");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    document = new Document(answer.json().asJsonObject(), Map.of());
    until(
        "the data plane is seen",
        () -> REST.get("/api/v1/status", token("viewer")).status() == 200);
    Map<String, String> known =
        Map.ofEntries(
            Map.entry("passphrase", "correct horse battery"),
            Map.entry("sealed", "c2VhbGVk"),
            Map.entry("name", "office.conf"),
            Map.entry("base", VERSION),
            Map.entry("tunnel", "office"),
            Map.entry("peer", address(firstPeer())),
            Map.entry("file", "office.conf"),
            Map.entry("revision", "9e3779b1"),
            Map.entry("other", "3c6ef362"),
            Map.entry("source", "10.9.0.2"),
            Map.entry("destination", "10.8.1.7"),
            Map.entry("after", "3"));
    document = new Document(answer.json().asJsonObject(), known);
  }

  @AfterAll
  static void close() throws IOException {
    // The other tests begin with a gateway that is not set up.
    for (String file : List.of("users", "tokens")) {
      Files.deleteIfExists(DIRECTORY.resolve("state").resolve(file));
    }
    gateway.close();
  }

  @Test
  @Order(1)
  void theDocumentSaysOfEveryOperationWhatItIs() {
    SoftAssertions all = new SoftAssertions();
    all.assertThat(document.operations()).hasSizeGreaterThan(50);
    Set<String> ids = new HashSet<>();
    for (Document.Operation operation : document.operations()) {
      all.assertThat(operation.path()).startsWith("/api/v1/");
      all.assertThat(ids.add(operation.id())).as(operation + " has a name of its own").isTrue();
      all.assertThat(operation.json().getString("summary", ""))
          .as(operation.toString())
          .isNotBlank();
      all.assertThat(operation.responses().keySet())
          .as(operation.toString())
          .containsAnyOf("200", "204")
          .contains("400", "401", "403", "404", "503");
      all.assertThat(operation.json().getString("x-role", "")).as(operation.toString()).isIn(ROLES);
      for (String name : names(operation.path())) {
        all.assertThat(operation.parameters("path"))
            .as(operation.toString())
            .anyMatch(parameter -> parameter.getString("name").equals(name));
      }
    }
    all.assertAll();
  }

  @Test
  @Order(2)
  void whateverTheDocumentAllowsIsUnderstoodAndAnsweredAsItSays() {
    SoftAssertions all = new SoftAssertions();
    Random random = new Random(8);
    for (Document.Operation operation : document.operations()) {
      for (int round = 0; round < 2; round++) {
        String body = operation.hasBody() ? body(operation, random).toString() : "";
        Rest.Answer answer = send(operation, token("admin"), body, random);
        String what = operation + " " + body + "\n" + answer.status() + " " + answer.text();
        JsonObject said = operation.responses().getJsonObject(String.valueOf(answer.status()));
        if (said == null) {
          all.fail("not in the document: " + what);
          continue;
        }
        all.assertThat(answer.status()).as(what).isNotIn(400, 401, 403, 412, 428, 503);
        all.assertThat(answer.text()).as(what).doesNotContainPattern(KEY);
        if (answer.status() == 204) {
          continue;
        }
        if (answer.status() == 200 && operation.givesOctets()) {
          all.assertThat(answer.header("Content-Type")).startsWith("application/octet-stream");
          continue;
        }
        String type = answer.status() == 200 ? "application/json" : "application/problem+json";
        all.assertThat(answer.header("Content-Type")).as(what).startsWith(type);
        if (answer.text().isEmpty()) {
          all.fail("nothing said: " + what);
          continue;
        }
        all.assertThat(
                document.complaints(answer.json(), Document.schema(said, type), operation.id()))
            .as(what)
            .isEmpty();
      }
    }
    all.assertAll();
  }

  @Test
  @Order(3)
  void aBodyThatLacksSomethingOrIsNoneIsRefusedWithAProblem() {
    SoftAssertions all = new SoftAssertions();
    Random random = new Random(9);
    for (Document.Operation operation : document.operations()) {
      if (!operation.hasBody()) {
        continue;
      }
      List<String> bodies = new ArrayList<>(List.of("{", "[]", "\"x\"", "{}"));
      for (String member : document.required(operation.bodySchema())) {
        bodies.add(
            Json.createObjectBuilder(body(operation, random)).remove(member).build().toString());
        bodies.add(
            Json.createObjectBuilder(body(operation, random))
                .add(member, Json.createObjectBuilder())
                .build()
                .toString());
      }
      for (String body : bodies) {
        Rest.Answer answer = send(operation, token("admin"), body, random);
        all.assertThat(answer.status()).as(operation + " " + body).isEqualTo(400);
        all.assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        all.assertThat(answer.text()).contains("\"detail\"");
      }
    }
    all.assertAll();
  }

  @Test
  @Order(4)
  void eachRoleMayWhatTheDocumentSaysAndNoMore() {
    SoftAssertions all = new SoftAssertions();
    Random random = new Random(10);
    for (Document.Operation operation : document.operations()) {
      for (String role : ROLES) {
        // Steps about a peer, for which an operator's role is enough.
        String body =
            switch (operation.id()) {
              case "edit" ->
                  "{\"files\":[{\"name\":\"office.conf\",\"base\":\"%s\",\"steps\":[%s]}]}"
                      .formatted(VERSION, STEP);
              case "editFile" -> "{\"steps\":[" + STEP + "]}";
              default -> operation.hasBody() ? body(operation, random).toString() : "";
            };
        int status = send(operation, token(role), body, random).status();
        boolean may = ROLES.indexOf(role) >= ROLES.indexOf(operation.json().getString("x-role"));
        if (may) {
          all.assertThat(status).as(operation + " as " + role).isNotIn(401, 403);
        } else {
          all.assertThat(status).as(operation + " as " + role).isEqualTo(403);
        }
      }
      for (String nobody : List.of("", "gatehouse_wrong")) {
        all.assertThat(send(operation, nobody, "", random).status())
            .as(operation + " by a stranger")
            .isEqualTo(401);
      }
    }
    all.assertAll();
  }

  @Test
  @Order(5)
  void anOperatorEditsPeersAndNothingElseOfAFile() {
    String file = "/api/v1/files/office.conf";
    String port = "{\"steps\":[{\"kind\":\"set\",\"key\":\"ListenPort\",\"values\":[\"1\"]}]}";
    assertThat(patch(file, "operator", port).status()).isEqualTo(403);
    assertThat(patch(file, "operator", "{\"steps\":[" + STEP + "]}").status()).isEqualTo(200);
    assertThat(patch(file, "admin", port).status()).isEqualTo(200);
  }

  private static Rest.Answer patch(String path, String role, String body) {
    return REST.send("PATCH", path, token(role), Map.of("If-Match", quoted(VERSION)), body);
  }

  @Test
  @Order(6)
  void anUpdateOfAnotherVersionIsNeverMade() {
    SoftAssertions all = new SoftAssertions();
    for (Document.Operation operation : document.operations()) {
      if (operation.parameters("header").isEmpty()) {
        continue;
      }
      Random random = new Random(11);
      String path = path(operation, random);
      String body = operation.hasBody() ? body(operation, random).toString() : "";
      Map<String, Integer> expected =
          Map.of("", 428, "*", 412, quoted("0".repeat(40)), 412, "W/" + quoted(VERSION), 412);
      expected.forEach(
          (version, status) ->
              all.assertThat(
                      REST.send(
                              operation.verb(),
                              path,
                              token("admin"),
                              version.isEmpty() ? Map.of() : Map.of("If-Match", version),
                              body)
                          .status())
                  .as(operation + " If-Match: " + version)
                  .isEqualTo(status));
    }
    String edit = "{\"files\":[{\"name\":\"office.conf\",%s\"steps\":[]}]}";
    all.assertThat(post("/api/v1/edit", edit.formatted("")).status()).isEqualTo(428);
    all.assertThat(post("/api/v1/edit", edit.formatted("\"base\":\"old\",")).status())
        .isEqualTo(412);
    all.assertAll();
  }

  @Test
  @Order(7)
  void whoKnowsAFileIsNotSentItAgain() {
    Rest.Answer first = REST.get("/api/v1/files/office.conf", token("viewer"));
    assertThat(first.header("ETag")).isEqualTo(quoted(VERSION));
    Rest.Answer again =
        REST.send(
            "GET",
            "/api/v1/files/office.conf",
            token("viewer"),
            Map.of("If-None-Match", first.header("ETag")),
            "");
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.text()).isEmpty();
  }

  @Test
  @Order(8)
  void aPrometheusElsewhereShowsATokenForTheMetrics() {
    Rest.Answer answer = REST.get("/api/metrics", token("viewer"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith("text/plain");
    assertThat(answer.text())
        .contains("gatehouse_info{version=\"0.1.0\"} 1")
        .containsPattern("wireguard_sent_bytes_total\\{interface=\"office\",.*} [1-9]");
    Rest.Answer open =
        REST.send(
            "GET",
            "/api/metrics",
            token("viewer"),
            Map.of("Accept", "application/openmetrics-text;version=1.0.0"),
            "");
    assertThat(open.header("Content-Type")).startsWith("application/openmetrics-text");
    assertThat(open.text()).endsWith("# EOF\n");
    for (String none : new String[] {"", token("viewer") + "x"}) {
      assertThat(REST.get("/api/metrics", none).status()).isEqualTo(401);
    }
  }

  @Test
  @Order(8)
  void backupsPassThroughAsTheyAre() {
    byte[] backup =
        REST.octets("POST", "/api/v1/backup?message=before+the+upgrade", token("admin"), NOTHING);
    assertThat(backup).isEqualTo(Archive.OCTETS);
    assertThat(gateway.archive().console()).contains("\"users\"", "\"tokens\"");
    JsonObject line =
        REST.get("/api/v1/audit?limit=1", token("admin")).json().asJsonArray().getJsonObject(0);
    assertThat(line.getString("action")).isEqualTo("backup.make");
    assertThat(line.getString("difference")).isEqualTo("+message: before the upgrade");

    JsonObject sent =
        Rest.json(REST.octets("POST", "/api/v1/restore", token("admin"), backup)).asJsonObject();
    assertThat(sent.getInt("size")).isEqualTo(backup.length);
    String restore = "/api/v1/restore/" + sent.getString("id");
    Rest.Answer wrong = post(restore + "/preview", "{\"passphrase\":\"" + Archive.WRONG + "\"}");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text()).contains("BACKUP-REFUSED").doesNotContain(Archive.WRONG);
    Rest.Answer preview = post(restore + "/preview", "{\"passphrase\":\"correct horse battery\"}");
    assertThat(preview.json().asJsonObject().getJsonArray("files")).hasSize(4);
    assertThat(post(restore, "").status()).isEqualTo(200);
    assertThat(post("/api/v1/restore/other", "").status()).isEqualTo(404);
    assertThat(post(restore + "/preview", "{\"passphrase\":\"x\",\"sealed\":\"x\"}").status())
        .isEqualTo(400);
  }

  @Test
  @Order(8)
  void aTokenThatIsMadeIsShownOnceAndMayWhatItSays() throws IOException {
    String wish = "{\"name\":\"metrics\",\"role\":\"VIEWER\",\"days\":30}";
    Rest.Answer made = post("/api/v1/tokens", wish);
    assertThat(made.header("Cache-Control")).isEqualTo("no-store");
    String secret = made.json().asJsonObject().getString("token");
    JsonObject account = REST.get("/api/v1/account", secret).json().asJsonObject();
    assertThat(account.getString("name")).isEqualTo("admin");
    assertThat(account.getString("role")).isEqualTo("VIEWER");
    assertThat(REST.send("POST", "/api/v1/tokens", secret, Map.of(), wish).status()).isEqualTo(403);
    assertThat(post("/api/v1/tokens", wish.replace("30", "367")).status()).isEqualTo(422);
    for (String told : List.of("/api/v1/tokens", "/api/v1/account/tokens", "/api/v1/audit")) {
      assertThat(REST.get(told, token("admin")).text()).contains("metrics").doesNotContain(secret);
    }
    assertThat(DIRECTORY.resolve("state/tokens")).content().doesNotContain(secret);
    String id = made.json().asJsonObject().getString("id");
    assertThat(REST.send("DELETE", "/api/v1/tokens/" + id, token("admin"), Map.of(), "").status())
        .isEqualTo(204);
    assertThat(REST.get("/api/v1/account", secret).status()).isEqualTo(401);
  }

  @Test
  @Order(8)
  void aLinkIsMadeListedWithoutWhatOpensItAndTakenBack() {
    Rest.Answer made =
        REST.send(
            "POST",
            "/api/v1/links",
            token("operator"),
            Map.of(),
            "{\"sealed\":\"c2VhbGVk\",\"label\":\"Dora's phone\",\"hours\":24}");
    assertThat(made.header("Cache-Control")).isEqualTo("no-store");
    String id = made.json().asJsonObject().getString("id");
    Rest.Answer list = REST.get("/api/v1/links", token("operator"));
    assertThat(list.text()).doesNotContain(id, "c2VhbGVk");
    JsonObject link =
        list.json().asJsonArray().getValuesAs(JsonObject.class).stream()
            .filter(each -> each.getString("label").equals("Dora's phone"))
            .findFirst()
            .orElseThrow();
    assertThat(link.getString("author")).isEqualTo("operator");
    String place = "/api/v1/links/" + link.getString("handle");
    assertThat(REST.send("DELETE", place, token("operator"), Map.of(), "").status()).isEqualTo(204);
    assertThat(REST.send("DELETE", place, token("operator"), Map.of(), "").status()).isEqualTo(404);
  }

  @Test
  @Order(8)
  void aViewIsItsOwnersAlone() {
    String place = "/api/v1/account/views/Lisbon%20down";
    String view = "{\"query\":\"q=lisbon&state=DOWN\"}";
    assertThat(REST.send("PUT", place, token("viewer"), Map.of(), view).status()).isEqualTo(200);
    assertThat(REST.get("/api/v1/account/views", token("viewer")).text())
        .contains("{\"name\":\"Lisbon down\",\"query\":\"q=lisbon&state=DOWN\"}");
    assertThat(REST.get("/api/v1/account/views", token("admin")).text())
        .doesNotContain("Lisbon down");
    assertThat(REST.send("DELETE", place, token("admin"), Map.of(), "").status()).isEqualTo(404);
    assertThat(REST.send("DELETE", place, token("viewer"), Map.of(), "").status()).isEqualTo(204);
  }

  @Test
  @Order(8)
  void filesToKeepAreAsTheirFormatsWantThem() {
    Rest.Answer table = REST.get("/api/peers.csv", token("viewer"));
    assertThat(table.header("Content-Type")).startsWith("text/csv");
    assertThat(table.text().split("\r\n", -1)).hasSizeGreaterThan(64);
    assertThat(table.text().replace("\r\n", "")).doesNotContain("\n", "\r");
    Rest.Answer audit = REST.get("/api/audit", token("admin"));
    assertThat(audit.status()).isEqualTo(200);
    assertThat(audit.text()).endsWith("}\n");
    assertThat(REST.get("/api/monitoring/WG-GATEWAY-MIB.txt", token("viewer")).status())
        .isEqualTo(200);
    assertThat(REST.get("/api/audit", token("operator")).status()).isEqualTo(403);
  }

  @Test
  @Order(9)
  void aMistypedDryRunIsNoRealOne() {
    assertThat(
            post("/api/v1/tunnels/office/peers/" + address(firstPeer()) + "/disable?dryRun=1", "")
                .status())
        .isEqualTo(400);
    assertThat(REST.get("/api/v1/tunnels/road/peers?limit=many", token("viewer")).status())
        .isEqualTo(400);
    assertThat(REST.get("/api/v1/nowhere", token("viewer")).header("Content-Type"))
        .startsWith("application/problem+json");
  }

  @Test
  @Order(10)
  void whatIsGotIsNotInTheAuditAndWhatIsDoneIsWithItsToken() throws IOException {
    Path audit = DIRECTORY.resolve("state/audit.log");
    long before = Files.size(audit);
    Random random = new Random(12);
    for (Document.Operation operation : document.operations()) {
      if (operation.verb().equals("GET")) {
        send(operation, token("admin"), "", random);
      }
    }
    assertThat(Files.size(audit)).isEqualTo(before);
    post("/api/v1/history/9e3779b1/restore?message=as+it+was", "{\"file\":\"office.conf\"}");
    JsonObject line =
        REST.get("/api/v1/audit?limit=1", token("admin")).json().asJsonArray().getJsonObject(0);
    assertThat(line.getString("user")).isEqualTo("admin");
    assertThat(line.getString("way")).isEqualTo("token");
    assertThat(line.getString("action")).isEqualTo("history.restore");
    assertThat(line.getString("result")).isEqualTo("DONE");
    JsonObject revision =
        REST.get("/api/v1/history?limit=1", token("viewer"))
            .json()
            .asJsonObject()
            .getJsonArray("revisions")
            .getJsonObject(0);
    assertThat(revision.getString("source")).isEqualTo("REST");
    assertThat(revision.getString("author")).isEqualTo("admin");
    assertThat(revision.getString("message")).isEqualTo("as it was");
  }

  @Test
  @Order(11)
  void whatThePageTellsReadersToTypeWorks() throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("gh-rest");
    try {
      Files.writeString(home.resolve(".curlrc"), "insecure\n");
      String begin =
          TypedPage.block("rest", "begin").replace("https://gateway.example:8443", Rest.BASE);
      List<String> blocks = TypedPage.blocks("rest", "curl");
      for (String block : blocks) {
        ProcessBuilder shell =
            new ProcessBuilder("bash", "-euo", "pipefail", "-c", begin + block)
                .directory(home.toFile())
                .redirectErrorStream(true);
        shell.environment().put("CURL_HOME", home.toString());
        Process running = shell.start();
        try (var keyboard = running.outputWriter(StandardCharsets.UTF_8)) {
          keyboard.write(token("admin") + "\ncorrect horse battery\n");
        }
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor()).as(block + "\n" + said).isZero();
      }
      assertThat(blocks).hasSizeGreaterThan(3);
    } finally {
      try (var files = Files.walk(home)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  @Order(12)
  void fiveThousandPeersComeInPagesEachOnce() throws IOException {
    gateway.close();
    gateway = new FakeGateway(DIRECTORY.resolve("control.sock"), Fleet.of(5000));
    until(
        "all are there",
        () -> {
          Rest.Answer last = REST.get(ROAD + "?after=4999", token("viewer"));
          return last.status() == 200 && last.text().length() > 2;
        });
    Set<Integer> numbers = new HashSet<>();
    String next = ROAD + "?limit=999";
    int pages = 0;
    while (!next.isEmpty()) {
      Rest.Answer page = REST.get(next, token("viewer"));
      assertThat(page.status()).isEqualTo(200);
      for (JsonObject peer : page.json().asJsonArray().getValuesAs(JsonObject.class)) {
        assertThat(numbers.add(peer.getInt("number"))).isTrue();
      }
      pages++;
      Matcher link =
          Pattern.compile("<https://[^/]+(/[^>]*)>;.*rel=\"next\"").matcher(page.header("Link"));
      next = link.find() ? link.group(1) : "";
    }
    assertThat(numbers).hasSize(5000);
    assertThat(pages).isEqualTo(6);
  }

  private static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
    }
  }

  private static Rest.Answer post(String path, String body) {
    return REST.send("POST", path, token("admin"), Map.of(), body);
  }

  private static JsonObject body(Document.Operation operation, Random random) {
    return document.make(operation.bodySchema(), "", random).asJsonObject();
  }

  private static Rest.Answer send(
      Document.Operation operation, String token, String body, Random random) {
    Map<String, String> headers = new HashMap<>();
    if (!operation.parameters("header").isEmpty()) {
      headers.put("If-Match", quoted(VERSION));
    }
    if (operation.takesOctets()) {
      headers.put("Content-Type", "application/octet-stream");
      return REST.send("POST", path(operation, random), token, headers, "GATEHOUSE BACKUP");
    }
    return REST.send(operation.verb(), path(operation, random), token, headers, body);
  }

  /** The address, with what is there where a name stands, and perhaps some of the parameters. */
  private static String path(Document.Operation operation, Random random) {
    String path = operation.path();
    for (JsonObject parameter : operation.parameters("path")) {
      path = path.replace("{" + parameter.getString("name") + "}", value(parameter, random));
    }
    List<String> query = new ArrayList<>();
    for (JsonObject parameter : operation.parameters("query")) {
      String name = parameter.getString("name");
      if (random.nextBoolean() && !name.equals("state") && !name.equals("before")) {
        query.add(name + "=" + value(parameter, random));
      }
    }
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }

  private static String value(JsonObject parameter, Random random) {
    String name = parameter.getString("name");
    JsonValue made = document.make(parameter.getJsonObject("schema"), name, random);
    String text = made instanceof JsonString string ? string.getString() : made.toString();
    boolean inPath = parameter.getString("in").equals("path");
    return URLEncoder.encode(inPath && text.startsWith("%") ? "x" : text, StandardCharsets.UTF_8)
        .replace("+", "%20");
  }

  private static List<String> names(String path) {
    return Pattern.compile("\\{([^}]+)}").matcher(path).results().map(one -> one.group(1)).toList();
  }

  private static String firstPeer() {
    return REST.get("/api/v1/tunnels/office/peers?limit=1", token("viewer"))
        .json()
        .asJsonArray()
        .getJsonObject(0)
        .getString("publicKey");
  }

  private static String address(String key) {
    return key.replace('+', '-').replace('/', '_').replace("=", "");
  }

  private static String token(String role) {
    return "gatehouse_" + role;
  }

  private static String quoted(String version) {
    return "\"" + version + "\"";
  }
}
