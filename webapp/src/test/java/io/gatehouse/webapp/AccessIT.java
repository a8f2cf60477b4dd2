// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Permissions;
import io.gatehouse.server.security.Role;
import io.gatehouse.webapp.fake.Fleet;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;

/**
 * Accounts in a real browser and by raw requests: who is shown what, the second factor, tokens, and
 * what other sites cannot do. One story, told in order.
 */
@ArquillianTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccessIT extends BrowserStory {
  private static final Map<String, RawVisitor> visitors = new LinkedHashMap<>();

  @Deployment(testable = false)
  static WebArchive console() throws IOException {
    ConsoleState.clear(DIRECTORY.resolve("state"));
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/console.war"));
  }

  @BeforeAll
  static void open() throws IOException {
    open(Fleet.of(2));
  }

  @Test
  @Order(1)
  void theAdministratorComesIn() throws IOException {
    becomeAdministrator();
  }

  @Test
  @Order(2)
  void usersAreInvitedAndEachIsShownTheirPagesOnly() throws IOException {
    for (Role role : List.of(Role.VIEWER, Role.OPERATOR)) {
      String name = role == Role.VIEWER ? "victor" : "erika";
      visitors.put(role.name(), welcome(name, invite(name, role)));
    }
    visitors.put("ADMIN", new RawVisitor(BASE, DIRECTORY));
    visitors.get("ADMIN").submit("/login", "login", "submit", "user=admin", "password=" + PASSWORD);
    visitors.put("nobody", new RawVisitor(BASE, DIRECTORY));

    List<String> pages = new ArrayList<>(PermissionsOfPagesTest.pages());
    pages.removeAll(PermissionsOfPagesTest.OF_STRANGERS);
    pages.addAll(pages.stream().map(page -> page + ".xhtml").toList());
    pages.addAll(List.of("/nowhere", "/api/v1/status", "/api/audit"));
    visitors.forEach(
        (who, visitor) ->
            visitor
                .statuses(pages)
                .forEach(
                    (page, status) ->
                        assertThat(status).as(page + " for " + who).isEqualTo(expect(page, who))));
    assertThat(visitors.get("ADMIN").get("/WEB-INF/web.xml")).startsWith("HTTP/1.1 404");
  }

  @Test
  @Order(3)
  void nobodyIsShownWhatTheTableRefuses() {
    for (Role role : Role.values()) {
      List<String> pages =
          PagesIT.PAGES.values().stream()
              .filter(
                  page ->
                      Permissions.ofPath(page.replaceFirst("\\?.*", ""))
                          .filter(needed -> role.includes(needed.least()))
                          .isPresent())
              .toList();
      Set<Action> shown = EnumSet.noneOf(Action.class);
      visitors
          .get(role.name())
          .bodies(pages)
          .forEach(
              (page, html) ->
                  Controls.of(page, html)
                      .forEach(
                          (control, needed) -> {
                            String what = control + " on " + page + " for " + role;
                            assertThat(needed).as(what + " is in Controls and works").isPresent();
                            assertThat(role.includes(needed.get().least())).as(what).isTrue();
                            shown.add(needed.get());
                          }));
      assertThat(shown)
          .as("all that " + role + " may is shown to them somewhere")
          .containsAll(
              Controls.FORMS.values().stream()
                  .filter(action -> role.includes(action.least()))
                  .toList());
    }
  }

  /** What the table says about a page and a role, as a status. */
  private static int expect(String page, String who) {
    if (who.equals("nobody")) {
      return page.startsWith("/api/") ? 401 : 302;
    }
    Optional<Action> action =
        page.equals("/api/audit")
            ? Optional.of(Action.READ_AUDIT)
            : Permissions.ofPath(page.startsWith("/api/") ? "/api" : page);
    return action.map(needed -> Role.valueOf(who).includes(needed.least()) ? 200 : 403).orElse(404);
  }

  /** Invites somebody, and is shown the code. */
  private static String invite(String name, Role role) throws IOException {
    go("/users");
    browser.findElement(By.cssSelector("[data-open=invite-user]")).click();
    wait.until(ExpectedConditions.visibilityOfElementLocated(By.id("invite:name"))).sendKeys(name);
    new Select(browser.findElement(By.id("invite:role"))).selectByValue(role.name());
    browser.findElement(By.id("invite:submit")).click();
    waitForText("#h-once", name);
    if (role == Role.OPERATOR) {
      screenshots.page("users-invited");
    }
    return text("#secret");
  }

  /** Uses an invitation, without a browser. */
  private static RawVisitor welcome(String name, String code) throws IOException {
    RawVisitor visitor = new RawVisitor(BASE, DIRECTORY);
    assertThat(
            visitor.submit(
                "/setup?user=" + name,
                "setup",
                "submit",
                "code=" + code,
                "user=" + name,
                "password=" + PASSWORD,
                "repeat=" + PASSWORD))
        .startsWith("HTTP/1.1 302")
        .doesNotContain("/login");
    return visitor;
  }

  @Test
  @Order(4)
  void aSecondFactorIsAddedAndAskedFor() throws Exception {
    go("/access");
    browser.findElement(By.id("begin:submit")).click();
    String uri =
        QrCode.read(
            wait.until(
                ExpectedConditions.visibilityOfElementLocated(By.cssSelector("[data-qr] svg"))));
    String secret = text("#typed");
    assertThat(uri)
        .startsWith("otpauth://totp/Gatehouse:admin%40127.0.0.1")
        .contains("secret=" + secret.replace(" ", "") + "&");
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("access-enrolment");
    Authenticator app = new Authenticator(secret);
    browser.findElement(By.id("enrol:code")).sendKeys(app.password(0));
    browser.findElement(By.id("enrol:current")).sendKeys(PASSWORD + Keys.ENTER);
    waitForText("#told", "From now on");
    wait.until(ExpectedConditions.numberOfElementsToBe(By.cssSelector("#codes li"), 10));
    String recovery = text("#codes li");
    screenshots.page("access-codes");

    logOut();
    logIn("admin");
    wait.until(ExpectedConditions.visibilityOfElementLocated(By.id("login:code")));
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("login-code");
    browser.get(BASE + "/overview");
    wait.until(ExpectedConditions.urlToBe(BASE + "/login"));
    browser.findElement(By.id("login:code")).sendKeys("000000" + Keys.ENTER);
    waitForText("[id='login:told']", "not the code");
    browser.findElement(By.id("login:code")).sendKeys(app.password(1) + Keys.ENTER);
    wait.until(ExpectedConditions.urlToBe(BASE + "/overview"));

    logOut();
    logIn("admin");
    wait.until(ExpectedConditions.visibilityOfElementLocated(By.id("login:code")))
        .sendKeys(recovery + Keys.ENTER);
    wait.until(ExpectedConditions.urlToBe(BASE + "/overview"));
    go("/access");
    assertThat(text("[aria-labelledby=h-factor]")).contains("9 recovery codes");
    browser.findElement(By.cssSelector("[data-open=remove-factor]")).click();
    wait.until(ExpectedConditions.elementToBeClickable(By.id("unfactor:current")))
        .sendKeys(PASSWORD + Keys.ENTER);
    waitForText("#told", "removed");
  }

  @Test
  @Order(5)
  void aTokenIsShownOnceAndDoesWhatItMay() throws IOException {
    go("/access");
    browser.findElement(By.id("token:name")).sendKeys("night backup");
    browser.findElement(By.id("token:submit")).click();
    String token = text("#secret");
    screenshots.page("access-token");
    String bearer = "Authorization: Bearer " + token;
    RawVisitor script = new RawVisitor(BASE, DIRECTORY);
    assertThat(script.get("/api/v1/status", "-H", bearer)).startsWith("HTTP/1.1 200");
    assertThat(script.get("/api/audit", "-H", bearer))
        .as("a viewer's token of an administrator")
        .startsWith("HTTP/1.1 403")
        .contains("this needs the role admin");
    assertThat(script.get("/overview", "-H", bearer)).startsWith("HTTP/1.1 302");
    assertThat(script.get("/api/v1/status", "-H", bearer.substring(0, bearer.length() - 1)))
        .startsWith("HTTP/1.1 401")
        .contains("WWW-Authenticate: Bearer");
    go("/access");
    assertThat(browser.getPageSource()).contains("night backup").doesNotContain(token);
    browser.findElement(By.xpath("//form[@id='tokens']//button")).click();
    waitForText("#told", "worthless");
    assertThat(script.get("/api/v1/status", "-H", bearer)).startsWith("HTTP/1.1 401");
  }

  private static void logOut() {
    browser.findElement(By.cssSelector(".user-button")).click();
    wait.until(ExpectedConditions.elementToBeClickable(By.id("session:logout"))).click();
    wait.until(ExpectedConditions.urlToBe(BASE + "/login"));
  }

  private static void logIn(String name) {
    browser.findElement(By.id("login:user")).sendKeys(name);
    browser.findElement(By.id("login:password")).sendKeys(PASSWORD + Keys.ENTER);
  }

  @Test
  @Order(6)
  void otherSitesCannotUseASession() throws IOException {
    RawVisitor victim = new RawVisitor(BASE, DIRECTORY);
    victim.submit("/login", "login", "submit", "user=erika", "password=" + PASSWORD);
    assertThat(victim.get("/overview")).startsWith("HTTP/1.1 200");
    for (List<String> site :
        List.of(
            List.of("-H", "Sec-Fetch-Site: cross-site"),
            List.of("-H", "Sec-Fetch-Site: same-site"),
            List.of("-H", "Origin: https://evil.example"))) {
      List<String> post = new ArrayList<>(site);
      post.addAll(List.of("-d", "session_SUBMIT=1"));
      assertThat(victim.get("/overview", post.toArray(String[]::new)))
          .as(site.toString())
          .startsWith("HTTP/1.1 403");
    }
    assertThat(victim.get("/api/v1/status", "-X", "POST")).startsWith("HTTP/1.1 403");
    assertThat(
            victim.get(
                "/push",
                "-H",
                "Origin: https://evil.example",
                "-H",
                "Connection: Upgrade",
                "-H",
                "Upgrade: websocket",
                "-H",
                "Sec-WebSocket-Version: 13",
                "-H",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
        .startsWith("HTTP/1.1 403");
    assertThat(victim.get("/overview", "-d", "session_SUBMIT=1", "-d", "session:logout="))
        .as("without the view state nothing is done")
        .doesNotContain("Location: " + BASE + "/login");
    assertThat(victim.get("/overview")).startsWith("HTTP/1.1 200");
  }

  @Test
  @Order(7)
  void whoeverIsDisabledIsOutAtOnce() throws IOException {
    RawVisitor erika = new RawVisitor(BASE, DIRECTORY);
    erika.submit("/login", "login", "submit", "user=erika", "password=" + PASSWORD);
    assertThat(erika.get("/overview")).startsWith("HTTP/1.1 200");
    go("/user?name=erika");
    browser.findElement(By.id("act:disable")).click();
    waitForText("#told", "cannot log in any more");
    assertThat(erika.get("/overview")).startsWith("HTTP/1.1 302");
    String refused =
        erika.submit("/login", "login", "submit", "user=erika", "password=" + PASSWORD);
    assertThat(refused).startsWith("HTTP/1.1 200").contains("wrong");
    go("/audit?q=erika");
    assertThat(text(".audit tbody")).contains("Disabled the user", "Refused", "127.0.0.1");
  }
}
