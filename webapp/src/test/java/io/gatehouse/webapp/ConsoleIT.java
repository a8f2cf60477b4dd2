// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static io.gatehouse.webapp.Statuses.KEY;
import static io.gatehouse.webapp.Statuses.OTHER_KEY;
import static io.gatehouse.webapp.Statuses.gateway;
import static io.gatehouse.webapp.Statuses.peer;
import static io.gatehouse.webapp.Statuses.tunnel;
import static io.gatehouse.webapp.Statuses.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The console as a person meets it, from the first visit to the log-out: the real archive in the
 * real server, in a real browser. One story, told in order.
 */
@ArquillianTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT {
  private static final Path DIRECTORY = Path.of(System.getProperty("it.directory"));
  private static final String BASE = "https://127.0.0.1:" + System.getProperty("it.port");
  private static final String PASSWORD = "a quiet river stone";
  private static final TunnelStatus WG0 =
      tunnel(
          "wg0",
          List.of(peer(1, KEY, "Lisbon", System.currentTimeMillis() / 1000 - 42, 1024)),
          new FindingStatus(
              "KEEPALIVE-LONG", "WARNING", "wg0.conf", 12, "600", "That is long", "Use 25."));

  private static ScriptedDataPlane dataPlane;
  private static ChromeDriver browser;
  private static WebDriverWait wait;

  @Deployment(testable = false)
  static WebArchive console() throws IOException {
    // Before the server starts, so that every run begins with a gateway that is not set up.
    Path state = DIRECTORY.resolve("state");
    Files.deleteIfExists(state.resolve("users"));
    Files.deleteIfExists(state.resolve("setup-code"));
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/console.war"));
  }

  @BeforeAll
  static void open() throws IOException {
    dataPlane = startDataPlane();
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.setAcceptInsecureCerts(true);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--window-size=1440,1000");
    // Debian's own driver, named, so that nothing tries to fetch one.
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .build(),
            options);
    wait = new WebDriverWait(browser, Duration.ofSeconds(30));
  }

  @AfterAll
  static void close() throws IOException {
    if (browser != null) {
      browser.quit();
    }
    if (dataPlane != null) {
      dataPlane.close();
    }
  }

  @Test
  @Order(1)
  void theFirstVisitorIsAskedForTheSetupCode() {
    browser.get(BASE + "/tunnels");
    wait.until(ExpectedConditions.urlToBe(BASE + "/setup"));
    fillSetup("00000-00000-00000-00000", PASSWORD);
    assertThat(text(".ui-message-error-summary")).contains("not the setup code");
  }

  @Test
  @Order(2)
  void aCommonPasswordIsRefused() throws IOException {
    fillSetup(setupCode(), "password1234");
    assertThat(text(".ui-message-error-summary")).contains("guessers");
  }

  @Test
  @Order(3)
  void theSetupCodeMakesTheAdministratorAndIsGone() throws IOException {
    fillSetup(setupCode(), PASSWORD);
    wait.until(ExpectedConditions.urlToBe(BASE + "/tunnels"));
    assertThat(DIRECTORY.resolve("state/setup-code")).doesNotExist();
    assertThat(DIRECTORY.resolve("state/users")).content().startsWith("admin:admin:PBKDF2");
  }

  @Test
  @Order(4)
  void theSessionCookieIsForThisServerAndNoScript() {
    Cookie cookie = browser.manage().getCookieNamed("__Host-gatehouse");
    assertThat(cookie.isSecure()).isTrue();
    assertThat(cookie.isHttpOnly()).isTrue();
    assertThat(cookie.getSameSite()).isEqualTo("Strict");
  }

  @Test
  @Order(5)
  void theListShowsTunnelsPeersAndFindings() {
    waitForText("[data-cell='wg0/state'] .word", "Up");
    waitForText("[data-cell='wg0/1/state'] .word", "Up");
    waitForText("[data-cell='wg0/1/rx']", "1.00 KiB");
    assertThat(text("[data-cell='wg0/1/endpoint']")).isEqualTo("203.0.113.2:51822");
    assertThat(text("[data-cell='wg0/1/handshake']")).endsWith("ago");
    assertThat(text(".finding")).contains("Warning", "wg0.conf:12", "600", "Use 25.");
  }

  @Test
  @Order(6)
  void aCounterIsPushedIntoItsCellAndNothingElseIsTouched() {
    WebElement button = browser.findElement(By.id("page:tunnels:0:add"));
    browser.executeScript(
        "document.querySelector('[data-tunnel=wg0]').untouched = true; arguments[0].focus()",
        button);
    dataPlane.publish(
        gateway(
            System.currentTimeMillis(),
            tunnel(
                "wg0",
                List.of(peer(1, KEY, "Lisbon", WG0.peers().getFirst().lastHandshake(), 5 << 20)),
                WG0.findings().toArray(FindingStatus[]::new))));
    waitForText("[data-cell='wg0/1/rx']", "5.00 MiB");
    assertThat(
            browser.executeScript("return document.querySelector('[data-tunnel=wg0]').untouched"))
        .isEqualTo(true);
    assertThat(browser.switchTo().activeElement()).isEqualTo(button);
  }

  @Test
  @Order(7)
  void aMistypedPeerIsRefusedBesideItsField() {
    browser.findElement(By.id("page:tunnels:0:add")).click();
    wait.until(ExpectedConditions.visibilityOfElementLocated(By.id("peer:key")));
    fillPeer("Phone", "too short", "10.0.0.300/32");
    waitForText("[id='peer:key-message']", "A key is 44 characters");
    assertThat(text("[id='peer:allowed-message']")).contains("10.0.0.300/32");
  }

  @Test
  @Order(8)
  void aRefusalOfTheDataPlaneIsShownBesideTheForm() {
    fillPeer("taken", OTHER_KEY, "192.168.200.0/24");
    waitForText("[id='peer:refusal']", "The file would be wrong");
    assertThat(text("[id='peer:refusal'] .finding"))
        .contains("wg0.conf:9", "192.168.200.0/24", "Remove it there first.");
  }

  @Test
  @Order(9)
  void anAddedPeerAppearsByPush() {
    fillPeer("Phone", OTHER_KEY, "10.0.0.7/32");
    wait.until(ExpectedConditions.invisibilityOfElementLocated(By.id("peer:key")));
    waitForText("[data-cell='wg0/2/state'] .word", "Never seen");
    assertThat(text("[data-tunnel='wg0'] .peers")).contains("Phone");
    assertThat(dataPlane.status().tunnels().getFirst().peers())
        .anySatisfy(
            peer -> {
              assertThat(peer.publicKey()).isEqualTo(OTHER_KEY);
              assertThat(peer.allowedIps()).containsExactly("10.0.0.7/32");
            });
  }

  @Test
  @Order(10)
  void thePageSaysThatItIsStaleWhileTheDataPlaneIsAway() throws IOException {
    GatewayStatus last = dataPlane.status();
    dataPlane.close();
    waitForText("#live .word", "Stale");
    assertThat(text("#stale")).containsPattern("Stale since \\d\\d:\\d\\d:\\d\\d\\.");
    assertThat(text("[data-cell='wg0/1/rx']")).isEqualTo("5.00 MiB");
    dataPlane = startDataPlane();
    dataPlane.publish(last);
    waitForText("#live .word", "Live");
    wait.until(ExpectedConditions.invisibilityOfElementLocated(By.id("stale")));
  }

  @Test
  @Order(11)
  void afterLogOutTheOldCookieIsWorthless() {
    Cookie cookie = browser.manage().getCookieNamed("__Host-gatehouse");
    browser.findElement(By.id("session:logout")).click();
    wait.until(ExpectedConditions.urlToBe(BASE + "/login"));
    browser.manage().addCookie(cookie);
    browser.get(BASE + "/tunnels");
    wait.until(ExpectedConditions.urlToBe(BASE + "/login"));
  }

  @Test
  @Order(12)
  void aWrongPasswordIsDeniedAndTheRightOneLetsIn() {
    logIn("wrong password here");
    assertThat(text("[id='login:messages']")).contains("wrong");
    logIn(PASSWORD);
    wait.until(ExpectedConditions.urlToBe(BASE + "/tunnels"));
  }

  private static ScriptedDataPlane startDataPlane() throws IOException {
    return new ScriptedDataPlane(
        DIRECTORY.resolve("control.sock"),
        gateway(System.currentTimeMillis(), WG0),
        ConsoleIT::add);
  }

  private static GatewayStatus add(GatewayStatus now, PeerAddition addition)
      throws ControlException {
    if (addition.name().equals("taken")) {
      throw new ControlException(
          ControlException.REFUSED,
          "The file would be wrong",
          List.of(
              new FindingStatus(
                  "ALLOWED-IPS-TAKEN",
                  "ERROR",
                  "wg0.conf",
                  9,
                  addition.allowedIps().getFirst(),
                  "Another peer has this network",
                  "Remove it there first.")));
    }
    TunnelStatus tunnel = now.tunnels().getFirst();
    var added =
        new PeerStatus(
            tunnel.peers().size() + 1,
            addition.publicKey(),
            addition.name(),
            PeerState.NEVER,
            addition.endpoint(),
            addition.allowedIps(),
            false,
            addition.persistentKeepalive(),
            0,
            -1,
            0,
            0,
            0,
            0);
    return gateway(System.currentTimeMillis(), with(tunnel, added));
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
    wait.until(ExpectedConditions.stalenessOf(button));
  }

  private static String text(String css) {
    return wait.until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(css))).getText();
  }

  private static void waitForText(String css, String text) {
    wait.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(css), text));
  }
}
