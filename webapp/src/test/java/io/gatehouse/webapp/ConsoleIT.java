// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static io.gatehouse.webapp.Statuses.OTHER_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The console as a person meets it, from the first visit to the log-out: the real archive in the
 * real server, in a real browser, on a real data plane that has a network namespace of its own and
 * a peer in another. One story, told in order.
 */
@ArquillianTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT {
  private static final Path DIRECTORY = Path.of(System.getProperty("it.directory"));
  private static final String BASE = "https://127.0.0.1:" + System.getProperty("it.port");
  private static final String PASSWORD = "a quiet river stone";

  /** As a person writes it, in an editor of another system. */
  private static final String FILE =
      """
      # The way to Lisbon. Ask Ana before you touch this.

      [Interface]
        PrivateKey=%s
        Address   = 10.0.0.1/32   # us
        ListenPort=51821


      [Peer]
        # Lisbon
        PublicKey=%s
        AllowedIPs=192.168.200.1/24
        Endpoint=203.0.113.2:51822
      # End of file.
      """
          .formatted(Peer.GATEWAY_PRIVATE, Peer.PUBLIC)
          .replace("\n", "\r\n");

  private static Path home;
  private static Machine gateway;
  private static Machine lisbon;
  private static Machine.Program dataPlane;
  private static Screenshots screenshots;
  private static ChromeDriver browser;
  private static WebDriverWait wait;

  @Deployment(testable = false)
  static WebArchive console() throws IOException {
    ConsoleState.clear(DIRECTORY.resolve("state"));
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/console.war"));
  }

  @BeforeAll
  static void open() throws IOException {
    home = Files.createTempDirectory("gh-console");
    Files.createDirectory(
        home.resolve("tunnels"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String prefix = "gh-console-" + ProcessHandle.current().pid();
    gateway = new Machine(prefix + "-gateway", home.resolve("gateway"));
    lisbon = new Machine(prefix + "-lisbon", home.resolve("lisbon"));
    gateway.connect(lisbon);
    Peer.start(lisbon);
    dataPlane = startDataPlane();
    browser = Chromium.start();
    wait = Chromium.patience(browser);
    screenshots = new Screenshots(browser);
  }

  @AfterAll
  static void close() throws IOException {
    if (browser != null) {
      browser.quit();
    }
    for (Machine machine : new Machine[] {gateway, lisbon}) {
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
  void strangersLearnNothing() {
    assertThat(head("/api/v1/status")).startsWith("HTTP/1.1 401");
    assertThat(head("/push")).startsWith("HTTP/1.1 401");
    assertThat(head("/nowhere")).startsWith("HTTP/1.1 302").contains("/setup");
    // The console was there first; it looks for a data plane every few seconds.
    Machine.until(
        "the console is ready", () -> head("/health/ready").startsWith("HTTP/1.1 200"), dataPlane);
  }

  @Test
  @Order(2)
  void everyAnswerTellsTheBrowserToBeCareful() {
    for (String path : List.of("/setup", "/api/v1/status", "/nowhere")) {
      assertThat(head(path))
          .as(path)
          .contains("Content-Security-Policy: object-src 'none'")
          .contains("frame-ancestors 'none'")
          .contains("Strict-Transport-Security: max-age=31536000")
          .contains("X-Content-Type-Options: nosniff")
          .contains("X-Frame-Options: DENY")
          .contains("Referrer-Policy: no-referrer")
          .contains("Cache-Control: no-store")
          .doesNotContain("X-Powered-By")
          .doesNotContain("Server:");
    }
    assertThat(head("/setup")).containsPattern("Content-Security-Policy: script-src[^\r]* 'nonce-");
  }

  @Test
  @Order(3)
  void theFirstVisitorIsAskedForTheSetupCode() throws IOException {
    browser.get(BASE + "/tunnels");
    wait.until(ExpectedConditions.urlToBe(BASE + "/setup"));
    screenshots.page("setup");
    fillSetup("00000-00000-00000-00000", PASSWORD);
    assertThat(text(".ui-message-error-summary")).contains("not the setup code");
  }

  @Test
  @Order(4)
  void aCommonPasswordIsRefused() throws IOException {
    fillSetup(setupCode(), "password1234");
    assertThat(text(".ui-message-error-summary")).contains("guessers");
  }

  @Test
  @Order(5)
  void theSetupCodeMakesTheAdministratorAndIsGone() throws IOException {
    fillSetup(setupCode(), PASSWORD);
    wait.until(ExpectedConditions.urlToBe(BASE + "/new-tunnel"));
    assertThat(DIRECTORY.resolve("state/setup-code")).doesNotExist();
    assertThat(DIRECTORY.resolve("state/users")).content().startsWith("admin:admin:PBKDF2");
  }

  @Test
  @Order(6)
  void theSessionCookieIsForThisServerAndNoScript() {
    Cookie cookie = browser.manage().getCookieNamed("__Host-gatehouse");
    assertThat(cookie.isSecure()).isTrue();
    assertThat(cookie.isHttpOnly()).isTrue();
    assertThat(cookie.getSameSite()).isEqualTo("Strict");
    assertThat(cookie.getPath()).isEqualTo("/");
    assertThat(cookie.getExpiry()).isNull();
  }

  @Test
  @Order(7)
  void aGatewayWithoutTunnelsSaysWhereToDropAFile() throws IOException {
    browser.get(BASE + "/overview");
    waitForText("#live .word", "Live");
    assertThat(text(".empty")).contains("No tunnel yet", home.resolve("tunnels").toString());
    screenshots.page("overview-none");
  }

  @Test
  @Order(8)
  void aDroppedFileAppearsByPush() throws IOException {
    browser.get(BASE + "/tunnels");
    waitForText("#live .word", "Live");
    drop("wg0.conf", FILE);
    waitForText("[data-cell='wg0/state'] .word", "Up");
    waitForText("[data-cell='wg0/1/state'] .word", "Never seen");
    assertThat(text("[data-tunnel='wg0'] .peers")).contains("Lisbon", "192.168.200.0/24");
    assertThat(text("[data-tunnel='wg0'] .facts"))
        .contains("10.0.0.1/32", "51821", Peer.GATEWAY_PUBLIC);
    assertThat(text(".finding")).contains("Warning", "wg0.conf:12", "192.168.200.0/24");
  }

  @Test
  @Order(9)
  void trafficIsPushedIntoItsCellsAndNothingElseIsTouched() {
    WebElement button = browser.findElement(By.cssSelector("[data-add-peer='wg0']"));
    browser.executeScript(
        "document.querySelector('[data-tunnel=wg0]').untouched = true; arguments[0].focus()",
        button);
    gateway.run("ping", "-c", "10", "-i", "0.05", "-W", "5", "-s", "1000", "192.168.200.1");
    waitForText("[data-cell='wg0/1/state'] .word", "Up");
    waitForText("[data-cell='wg0/1/rx']", "KiB");
    waitForText("[data-cell='wg0/1/tx']", "KiB");
    waitForText("[data-cell='wg0/1/handshake']", "ago");
    assertThat(text("[data-cell='wg0/1/endpoint']")).isEqualTo("203.0.113.2:51822");
    assertThat(
            browser.executeScript("return document.querySelector('[data-tunnel=wg0]').untouched"))
        .isEqualTo(true);
    assertThat(browser.switchTo().activeElement()).isEqualTo(button);
  }

  @Test
  @Order(10)
  void aMistypedPeerIsRefusedBesideItsField() throws IOException {
    browser.findElement(By.cssSelector("[data-add-peer='wg0']")).click();
    wait.until(ExpectedConditions.visibilityOfElementLocated(By.id("peer:key")));
    screenshots.view("add-peer");
    fillPeer("Phone", "too short", "10.0.0.300/32");
    waitForText("[id='peer:key-message']", "A key is 44 characters");
    assertThat(text("[id='peer:allowed-message']")).contains("10.0.0.300/32");
  }

  @Test
  @Order(11)
  void aRefusalOfTheDataPlaneIsShownBesideTheForm() throws IOException {
    fillPeer("Porto", OTHER_KEY, "192.168.200.0/24");
    waitForText("[id='peer:refusal']", "not added");
    assertThat(text("[id='peer:refusal'] .finding")).contains("Error", "192.168.200.0/24");
    assertThat(tunnelFile()).isEqualTo(FILE);
    screenshots.view("add-peer-refused");
  }

  @Test
  @Order(12)
  void anAddedPeerIsInTheFileInTheTunnelAndOnThePage() throws IOException {
    fillPeer("Phone", OTHER_KEY, "10.0.0.7/32");
    wait.until(ExpectedConditions.invisibilityOfElementLocated(By.id("peer:key")));
    waitForText("[data-cell='wg0/2/state'] .word", "Never seen");
    assertThat(text("[data-tunnel='wg0'] .peers")).contains("Phone");
    assertThat(tunnelFile())
        .isEqualTo(
            FILE
                + """

                [Peer]
                  # friendly_name = Phone
                  PublicKey=%s
                  AllowedIPs=10.0.0.7/32
                """
                    .formatted(OTHER_KEY)
                    .replace("\n", "\r\n"));
    assertThat(gateway.wgDump("wg0"))
        .contains(Peer.PUBLIC)
        .containsPattern("(?m)^\\Q" + OTHER_KEY + "\\E\\t.*\\t10\\.0\\.0\\.7/32\\t");
    screenshots.page("tunnels-real");
  }

  @Test
  @Order(13)
  void aPeerIsSwitchedOffAndOnAndItsFileIsAsBefore() throws IOException {
    String before = tunnelFile();
    browser.get(BASE + "/peer?tunnel=wg0&number=2");
    wait.until(ExpectedConditions.elementToBeClickable(By.id("act:disable"))).click();
    waitForText("[data-cell='wg0/2/state'] .word", "Disabled");
    assertThat(gateway.wgDump("wg0")).contains(Peer.PUBLIC).doesNotContain(OTHER_KEY);
    assertThat(tunnelFile()).isNotEqualTo(before);
    wait.until(ExpectedConditions.elementToBeClickable(By.id("act:enable"))).click();
    waitForText("[data-cell='wg0/2/state'] .word", "Never seen");
    assertThat(gateway.wgDump("wg0")).contains(OTHER_KEY);
    assertThat(tunnelFile()).isEqualTo(before);
  }

  @Test
  @Order(14)
  void aFileIsEditedWithoutItsKeysAndOnlyInTheLinesThatDiffer() throws IOException {
    String before = tunnelFile();
    browser.get(BASE + "/file?name=wg0.conf");
    WebElement text = wait.until(ExpectedConditions.elementToBeClickable(By.id("editor:text")));
    assertThat(text.getDomProperty("value"))
        .contains("(hidden ", "# The way to Lisbon.")
        .doesNotContain(Peer.GATEWAY_PRIVATE);
    text.sendKeys(Keys.chord(Keys.CONTROL, Keys.END) + "# Until the move.");
    submit("editor:save");
    waitForText("[id='told']", "saved and applied");
    assertThat(tunnelFile()).isEqualTo(before + "# Until the move.");
  }

  @Test
  @Order(15)
  void thePageSaysThatItIsStaleWhileTheDataPlaneIsAway() throws IOException {
    browser.get(BASE + "/tunnels");
    waitForText("#live .word", "Live");
    String received = text("[data-cell='wg0/1/rx']");
    dataPlane.signal("TERM");
    assertThat(dataPlane.end()).isZero();
    waitForText("#live .word", "Stale");
    assertThat(text("#stale")).containsPattern("Stale since \\d\\d:\\d\\d:\\d\\d\\.");
    assertThat(text("[data-cell='wg0/1/rx']")).isEqualTo(received);
    assertThat(head("/health/ready")).startsWith("HTTP/1.1 503");
    assertThat(head("/health/live")).startsWith("HTTP/1.1 200");
    screenshots.page("tunnels-stale");
    dataPlane = startDataPlane();
    waitForText("#live .word", "Live");
    wait.until(ExpectedConditions.invisibilityOfElementLocated(By.id("stale")));
    waitForText("[data-cell='wg0/state'] .word", "Up");
    assertThat(head("/health/ready")).startsWith("HTTP/1.1 200");
  }

  @Test
  @Order(16)
  void afterLogOutTheOldCookieIsWorthless() throws IOException {
    Cookie cookie = browser.manage().getCookieNamed("__Host-gatehouse");
    browser.findElement(By.cssSelector(".user-button")).click();
    wait.until(ExpectedConditions.elementToBeClickable(By.id("session:logout"))).click();
    wait.until(ExpectedConditions.urlToBe(BASE + "/login"));
    screenshots.page("login");
    browser.manage().addCookie(cookie);
    browser.get(BASE + "/tunnels");
    wait.until(ExpectedConditions.urlToBe(BASE + "/login"));
  }

  @Test
  @Order(17)
  void aWrongPasswordIsDeniedAndTheRightOneLetsIn() throws IOException {
    logIn("wrong password here");
    assertThat(text("[id='login:messages']")).contains("wrong");
    logIn(PASSWORD);
    wait.until(ExpectedConditions.urlToBe(BASE + "/overview"));
    browser.get(BASE + "/tunnels");
    waitForText("[data-cell='wg0/2/state'] .word", "Never seen");
  }

  /** As the visitor goes who has just set the gateway up: four fields and two buttons. */
  @Test
  @Order(18)
  void aNewcomerReachesTheFirstPassingTunnel() throws Exception {
    browser.get(BASE + "/new-tunnel");
    assertThat(text(".file-preview")).contains("PrivateKey = (generate)", "ListenPort = 51820");
    type("new:endpoint", "203.0.113.1" + Keys.TAB);
    waitForText(".file-preview", "# gatehouse.endpoint = 203.0.113.1");
    waitForText("[id='new:preview']", "nothing to say");
    submit("new:make");
    wait.until(ExpectedConditions.urlToBe(BASE + "/new-tunnel?tunnel=wg1"));
    assertThat(Files.readString(home.resolve("tunnels/wg1.conf")))
        .contains("# gatehouse.endpoint = 203.0.113.1\nPrivateKey = ")
        .doesNotContain("(generate)");
    type("peer:name", "Phone" + Keys.ENTER);
    String file = text("#client-text");
    assertThat(file).contains("# Phone", "Endpoint = 203.0.113.1:51820");
    assertThat(QrCode.read(browser.findElement(By.cssSelector("#client-code svg"))).strip())
        .isEqualTo(file.strip());
    // The peers of the tunnel that had this port before may still be heard.
    assertThat(lamps()).endsWith("UNKNOWN", "UNKNOWN");

    // Somebody else's handshake first: the lamp says that the key is not the client's.
    Peer.call(
        lisbon, "stranger", file.replaceFirst("PrivateKey = \\S+", "PrivateKey = " + Peer.PRIVATE));
    waitForText("[data-lamp=handshake]", "a key that no peer has");
    assertThat(lamps()).startsWith("GOOD", "GOOD", "BAD");
    lisbon.run("ip", "link", "del", "dev", "stranger");

    Peer.call(lisbon, "phone", file);
    wait.withMessage(() -> lamps() + lisbon.wgDump("phone") + gateway.wgDump("wg1"))
        .until(
            ExpectedConditions.textToBePresentInElementLocated(
                By.cssSelector("[data-lamp=data]"), "Done."));
    assertThat(lamps()).containsOnly("GOOD");
    screenshots.page("new-tunnel-done");
  }

  private static List<String> lamps() {
    return browser.findElements(By.cssSelector("[data-lamp]")).stream()
        .map(lamp -> lamp.getDomAttribute("data-verdict"))
        .toList();
  }

  /**
   * Private and preshared keys that anybody recognises, some in a file that was dropped, one typed
   * into the editor, are looked for in whatever leaves the data plane.
   */
  @Test
  @Order(19)
  void noKeyIsEverSeenOutsideTheDataPlane() throws IOException {
    List<String> canaries = List.of(canary("PRIVATE"), canary("PRESHARED"), canary("TYPED"));
    browser.get(BASE + "/tunnels");
    drop(
        "wg7.conf",
        """
        [Interface]
        PrivateKey = %s
        Address = 10.7.0.1/24

        [Peer]
        # friendly_name = Canary
        PublicKey = %s
        PresharedKey = %s
        AllowedIPs = 10.7.0.2/32
        """
            .formatted(canaries.get(0), OTHER_KEY, canaries.get(1)));
    waitForText("[data-cell='wg7/state'] .word", "Up");
    browser.get(BASE + "/peer?tunnel=wg7&number=1");
    wait.until(ExpectedConditions.elementToBeClickable(By.id("act:disable"))).click();
    waitForText("[data-cell='wg7/1/state'] .word", "Disabled");
    wait.until(ExpectedConditions.elementToBeClickable(By.id("act:enable"))).click();
    waitForText("[data-cell='wg7/1/state'] .word", "Never seen");
    browser.get(BASE + "/file?name=wg7.conf");
    WebElement text = wait.until(ExpectedConditions.elementToBeClickable(By.id("editor:text")));
    browser.executeScript(
        "arguments[0].value = arguments[0].value"
            + ".replace(/^(PresharedKey = ).*$/m, '$1' + arguments[1]);",
        text,
        canaries.get(2));
    submit("editor:save");
    waitForText("[id='told']", "saved and applied");
    assertThat(Files.readString(home.resolve("tunnels/wg7.conf"))).contains(canaries.get(2));

    Map<String, String> seen = new TreeMap<>();
    List<String> revisions = links("/history", "/revision?id=");
    assertThat(revisions).hasSizeGreaterThan(3);
    List<String> addresses = new ArrayList<>(PermissionsOfPagesTest.pages());
    addresses.addAll(revisions);
    addresses.addAll(
        List.of(
            "/tunnel?name=wg7",
            "/peer?tunnel=wg7&number=1",
            "/peers?tunnel=wg7",
            "/file?name=wg7.conf",
            "/compare?from="
                + revisions.getLast().replaceFirst(".*=", "")
                + "&to="
                + revisions.getFirst().replaceFirst(".*=", ""),
            "/audit?q=wg7",
            "/api/v1/status",
            "/api/v1/search?q=canary",
            "/api/audit"));
    for (String address : addresses) {
      seen.put(address, fetch(address));
    }
    seen.put("push", push("wg7", "wg7/1"));
    seen.put("the data plane's log", dataPlane.said());
    seen.putAll(ConsoleState.content(DIRECTORY.resolve("state")));
    seen.putAll(
        ConsoleState.content(
            DIRECTORY.resolve("usr/servers/" + System.getProperty("it.process.server") + "/logs")));
    assertThat(seen.get("/file?name=wg7.conf")).contains("(hidden ");
    assertThat(seen.get("/api/audit")).contains("PresharedKey", "(hidden)", "wg7.conf");
    assertThat(seen.get("push")).contains("wg7/1/state");
    for (String canary : canaries) {
      String hex = HexFormat.of().formatHex(Base64.getDecoder().decode(canary));
      seen.forEach((where, content) -> assertThat(content).as(where).doesNotContain(canary, hex));
    }
  }

  /** A key in base64 that says what it is. */
  private static String canary(String word) {
    return ("CANARY" + word + "CANARY").repeat(4).substring(0, 42) + "E=";
  }

  /** What the logged-in browser is answered. */
  private static String fetch(String address) {
    return (String)
        browser.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "fetch(arguments[0]).then(a => a.text()).then(done);",
            address);
  }

  /** The addresses on a page that begin so. */
  private static List<String> links(String page, String beginning) {
    return Pattern.compile("href=\"(" + Pattern.quote(beginning) + "[^\"]*)\"")
        .matcher(fetch(page))
        .results()
        .map(match -> match.group(1))
        .distinct()
        .toList();
  }

  /** What is pushed to a page that shows these subjects. */
  private static String push(String... subjects) {
    return (String)
        browser.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "const socket = new WebSocket('wss://' + location.host + '/push');"
                + "socket.onopen = () => socket.send(arguments[0]);"
                + "socket.onmessage = (event) => { done(event.data); socket.close(); };",
            String.join("\n", subjects));
  }

  private static Machine.Program startDataPlane() {
    Path socket = DIRECTORY.resolve("control.sock");
    Machine.Program program =
        gateway.start(
            Map.of(),
            Path.of("../install/bin/gatehouse-dataplane").toAbsolutePath().toString(),
            "--tunnels",
            home.resolve("tunnels").toString(),
            "--state",
            home.resolve("state").toString(),
            "--socket",
            socket.toString());
    program.until("the data plane is ready", () -> program.said().contains("ready after"));
    return program;
  }

  /** Puts a file into the tunnel directory, whole at once. */
  private static void drop(String name, String content) throws IOException {
    Path half =
        Files.createTempFile(
            home,
            name,
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(half, content);
    Files.move(half, home.resolve("tunnels").resolve(name));
  }

  private static String tunnelFile() throws IOException {
    return Files.readString(home.resolve("tunnels/wg0.conf"));
  }

  /** Status line and headers of the answer to somebody who is not logged in. */
  private static String head(String path) {
    String answer =
        Machine.succeed(List.of("curl", "-ksi", "--http1.1", "--max-time", "30", BASE + path));
    return answer.substring(0, answer.indexOf("\r\n\r\n"));
  }

  private static String setupCode() throws IOException {
    return Files.readString(DIRECTORY.resolve("state/setup-code")).strip();
  }

  private static void fillSetup(String code, String password) {
    type("setup:code", code);
    type("setup:password", password);
    type("setup:repeat", password);
    submit("setup:submit");
  }

  private static void fillPeer(String name, String key, String allowedIps) {
    type("peer:name", name);
    type("peer:key", key);
    type("peer:allowed", allowedIps);
    browser.findElement(By.id("peer:save")).click();
  }

  private static void logIn(String password) {
    type("login:user", "admin");
    type("login:password", password);
    submit("login:submit");
  }

  private static void type(String id, String text) {
    WebElement field = wait.until(ExpectedConditions.elementToBeClickable(By.id(id)));
    field.clear();
    field.sendKeys(text);
  }

  /** Sends a form that loads a page anew, and waits until the old page is gone. */
  private static void submit(String id) {
    WebElement button = browser.findElement(By.id(id));
    button.click();
    // While one page takes the other's place the driver may have words of its own for a stale node.
    Chromium.patience(browser)
        .ignoring(WebDriverException.class)
        .until(ExpectedConditions.stalenessOf(button));
  }

  private static String text(String css) {
    return Chromium.text(wait, By.cssSelector(css));
  }

  private static void waitForText(String css, String text) {
    wait.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(css), text));
  }
}
