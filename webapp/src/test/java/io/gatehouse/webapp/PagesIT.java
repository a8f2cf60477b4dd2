// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.server.gateway.MadeUpRates;
import io.gatehouse.webapp.fake.Archive;
import io.gatehouse.webapp.fake.Fleet;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.ExpectedConditions;

/**
 * Every page of the console in a real browser: how it looks, whom it keeps out, the keyboard, and
 * the languages. The tunnels are made up, so that there are many of them and in all states.
 */
@ArquillianTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PagesIT extends BrowserStory {
  static final Map<String, String> PAGES =
      Map.ofEntries(
          Map.entry("overview", "/overview"),
          Map.entry("tunnels", "/tunnels"),
          Map.entry("tunnel", "/tunnel?name=office"),
          Map.entry("tunnel-drift", "/tunnel?name=road"),
          Map.entry("tunnel-held", "/tunnel?name=warehouse"),
          Map.entry("tunnel-month", "/tunnel?name=office&span=month"),
          Map.entry("new-tunnel", "/new-tunnel"),
          Map.entry("settings", "/settings?tunnel=office"),
          Map.entry("add-peers-empty", "/add-peers?tunnel=office"),
          Map.entry("settings-peer", "/settings?tunnel=office&number=2"),
          Map.entry("peers", "/peers?tunnel=office"),
          Map.entry("peer", "/peer?tunnel=office&number=2"),
          Map.entry("peer-quota", "/peer?tunnel=road&number=1"),
          Map.entry("explorer", "/explorer?source=10.9.0.2&destination=10.8.1.7"),
          Map.entry("diagnose", "/diagnose?peer=office/4"),
          Map.entry("files", "/files"),
          Map.entry("file", "/file?name=office.conf"),
          Map.entry("monitoring", "/monitoring"),
          Map.entry("history", "/history"),
          Map.entry("revision", "/revision?id=9e3779b1"),
          Map.entry("compare", "/compare?from=3c6ef362&to=9e3779b1"),
          Map.entry("review", "/review"),
          Map.entry("access", "/access"),
          Map.entry("users", "/users"),
          Map.entry("user", "/user?name=admin"),
          Map.entry("audit", "/audit"),
          Map.entry("system", "/system"));

  private static String link = "";

  @Deployment(testable = false)
  static WebArchive console() throws IOException {
    Path state = DIRECTORY.resolve("state");
    ConsoleState.clear(state);
    MadeUpRates.write(state, "office", System.currentTimeMillis() / 1000);
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/console.war"));
  }

  @BeforeAll
  static void open() throws IOException {
    open(Fleet.of(64));
  }

  @Test
  @Order(1)
  void theAdministratorComesIn() throws IOException {
    becomeAdministrator();
  }

  @Test
  @Order(2)
  void noPageKeepsAnybodyOutNorIsWiderThanItsScreen() throws IOException {
    for (Map.Entry<String, String> page : PAGES.entrySet()) {
      go(page.getValue());
      assertThat(axe.complaints()).as(page.getKey()).isEmpty();
      screenshots.page(
          page.getKey(),
          (scheme, width) -> {
            assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
                .as(page.getKey() + " at " + width)
                .isEqualTo((long) width);
            if (scheme.equals("dark") && width == Screenshots.DESK) {
              assertThat(axe.faintTexts()).as(page.getKey() + " in the dark").isEmpty();
            }
          });
      assertThat(complaintsOfTheBrowser()).as(page.getKey()).isEmpty();
    }
  }

  @Test
  @Order(3)
  void aListOfManyPeersShowsAPageAndIsToldOnlyOfThat() throws IOException {
    start(Fleet.of(5000));
    go("/peers");
    waitForText(".count-line", "5,008");
    assertThat(browser.findElements(By.cssSelector(".peers tbody tr"))).hasSize(50);
    screenshots.view("peers-many");
    WebElement field = browser.findElement(By.cssSelector("[data-filter]"));
    new Actions(browser).sendKeys("/").perform();
    assertThat(browser.switchTo().activeElement()).isEqualTo(field);
    field.sendKeys("bruno phone");
    waitForText(".count-line", "79 peers");
    assertThat(browser.switchTo().activeElement()).isEqualTo(field);
    assertThat(browser.getCurrentUrl()).contains("q=bruno+phone");
    browser.findElement(By.partialLinkText("Received")).click();
    wait.until(
        ExpectedConditions.presenceOfElementLocated(By.cssSelector("th[aria-sort=descending]")));
  }

  @Test
  @Order(4)
  void manyPeersArePickedChangedKeptAsAViewAndExported() throws IOException {
    start(Fleet.of(64));
    go("/peers?tunnel=office&state=UP");
    // The list may be renewed between two clicks.
    for (int i = 0; i < 2; i++) {
      int box = i;
      wait.until(
          page -> {
            page.findElements(By.cssSelector("[data-pick]")).get(box).click();
            return true;
          });
    }
    assertThat(text("#bulk-bar")).contains("2 peers selected");
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("peers-bulk");
    browser.findElement(By.cssSelector("[data-bulk=tag]")).click();
    assertThat(text("#bulk-title")).isEqualTo("Tag 2 peers");
    browser.findElement(By.id("bulk:value")).sendKeys("pilot");
    screenshots.view("bulk-dialog");
    browser.findElement(By.id("bulk:submit")).click();
    waitForText("#told", "Done to 2 peers.");
    assertThat(gateway.edited())
        .contains("gatehouse.tags=[site, pilot]")
        .doesNotContain("road.conf");
    browser.findElement(By.cssSelector("[data-open=save-view]")).click();
    browser.findElement(By.id("view:name")).sendKeys("Offices" + Keys.ENTER);
    waitForText(".views", "Offices");
    browser.get(BASE + "/peers");
    browser.findElement(By.linkText("Offices")).click();
    wait.until(ExpectedConditions.urlContains("tunnel=office&state=UP"));
    assertThat(browser.findElements(By.cssSelector(".view"))).hasSize(1);
    screenshots.page("peers-views");
    Object table =
        browser.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "fetch(document.querySelector('[data-export]').href)"
                + ".then(answer => answer.text()).then(done)");
    assertThat((String) table)
        .startsWith("tunnel,name,public_key,state,")
        .contains("\noffice,Porto,", "\"10.8.2.0/24, 10.8.1.128/25\"")
        .doesNotContain("Oslo");
  }

  @Test
  @Order(5)
  void theKeyboardReachesEverything() throws IOException {
    start(Fleet.of(64));
    go("/overview");
    WebElement search = browser.findElement(By.cssSelector(".search-button"));
    browser.executeScript("arguments[0].focus()", search);
    new Actions(browser).keyDown(Keys.CONTROL).sendKeys("k").keyUp(Keys.CONTROL).perform();
    WebElement field =
        wait.until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector("#palette input")));
    field.sendKeys("reykj");
    waitForText("#palette-list", "Reykjav\u00edk");
    assertThat(axe.complaints()).isEmpty();
    screenshots.view("palette");
    field.sendKeys(Keys.ESCAPE);
    wait.until(page -> page.switchTo().activeElement().equals(search));

    new Actions(browser).sendKeys("?").perform();
    wait.until(ExpectedConditions.visibilityOfElementLocated(By.id("help")));
    screenshots.view("help");
    new Actions(browser).sendKeys(Keys.ESCAPE).perform();
    new Actions(browser).sendKeys("g").sendKeys("t").perform();
    wait.until(ExpectedConditions.urlToBe(BASE + "/tunnels"));
    new Actions(browser).sendKeys("n").perform();
    wait.until(ExpectedConditions.visibilityOfElementLocated(By.id("peer:key")));
    screenshots.view("add-peer");

    go("/tunnel?name=office");
    new Actions(browser).keyDown(Keys.CONTROL).sendKeys("k").keyUp(Keys.CONTROL).perform();
    field =
        wait.until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector("#palette input")));
    waitForText("#palette-list", "Take down");
    assertThat(text("#palette-list")).contains("Log out").doesNotContain("Bring up");
    screenshots.view("palette-actions");
    field.sendKeys("take d", Keys.ENTER);
    assertThat(text("#confirm-title")).isEqualTo("Take office down?");
  }

  @Test
  @Order(6)
  void aKeyPairIsMadeInTheBrowserAndTheClientsFileIsShownOnce() throws Exception {
    go("/tunnel?name=office");
    browser.findElement(By.cssSelector("[data-add-peer]")).click();
    wait.until(ExpectedConditions.elementToBeClickable(By.cssSelector("[data-make-keys]"))).click();
    WebElement key = browser.findElement(By.id("peer:key"));
    wait.until(made -> key.getDomProperty("value").length() == 44);
    String publicKey = key.getDomProperty("value");
    browser.findElement(By.id("peer:name")).sendKeys("Phone");
    browser.findElement(By.cssSelector("[data-preshared]")).click();
    browser.findElement(By.id("peer:save")).click();
    assertThat(text("#client-text"))
        .contains(
            "# Phone",
            "PrivateKey = ",
            "PresharedKey = ",
            "Address = 10.8.0.9/32",
            "Endpoint = 198.51.100.1")
        .doesNotContain(publicKey);
    String file = browser.findElement(By.id("client-text")).getDomProperty("textContent");
    browser.findElement(By.id("client-make-link")).click();
    wait.until(ExpectedConditions.visibilityOfElementLocated(By.id("client-link")));
    link = browser.findElement(By.id("client-link")).getDomProperty("value");
    assertThat(QrCode.read(browser.findElement(By.cssSelector("#client-code svg"))))
        .isEqualTo(file);
    assertThat(axe.complaints()).isEmpty();
    screenshots.view("client");
    new Actions(browser).sendKeys(Keys.ESCAPE).perform();
    wait.until(ExpectedConditions.invisibilityOfElementLocated(By.id("client")));
    wait.until(
        page -> page.findElement(By.id("client-text")).getDomProperty("textContent").isEmpty());
    go("/peer?tunnel=office&number=9");
    assertThat(text("[aria-labelledby=h-settings]")).containsPattern("Preshared key\\s+Set");
    assertThat(browser.getPageSource())
        .doesNotContain(file.replaceFirst("(?s).*PresharedKey = (\\S+).*", "$1"));
  }

  @Test
  @Order(7)
  void aLinkHandsTheFileOverOnce() throws IOException {
    go("/peers");
    assertThat(text("[aria-labelledby=h-links]")).contains("Phone", "admin");
    browser.get("about:blank");
    browser.get(link);
    screenshots.page("get");
    browser.findElement(By.cssSelector("[data-take]")).click();
    wait.until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector("#get-code svg")));
    assertThat(browser.findElement(By.id("get-text")).getDomProperty("textContent"))
        .contains("# Phone", "PrivateKey = ");
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("get-have");
    browser.get("about:blank");
    browser.get(link);
    browser.findElement(By.cssSelector("[data-take]")).click();
    assertThat(text("#get [role=alert]")).contains("used already");
    assertThat(complaintsOfTheBrowser()).allMatch(line -> line.contains("/take"));
  }

  @Test
  @Order(8)
  void theWayToTheFirstTunnelEndsInFourLamps() throws IOException {
    go("/new-tunnel");
    assertThat(text(".file-preview"))
        .contains("ListenPort = 51822", "# gatehouse.masquerade = eth0");
    WebElement name = browser.findElement(By.id("new:name"));
    name.clear();
    name.sendKeys("office" + Keys.TAB);
    browser.findElement(By.id("new:make")).click();
    wait.until(ExpectedConditions.urlToBe(BASE + "/new-tunnel?tunnel=office"));
    browser.findElement(By.id("peer:name")).sendKeys("Tablet" + Keys.ENTER);
    waitForText("#client-text", "# Tablet");
    waitForText("[data-lamp=seen]", "Nothing has come to UDP port 51820.");
    fleet.come(Fleet.Caller.WITH_AN_OLD_FILE);
    waitForText("[data-lamp=mac]", "made for another public key");
    fleet.come(Fleet.Caller.UNKNOWN);
    waitForText("[data-lamp=handshake]", "a key that no peer has");
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("new-tunnel-stalls");
    fleet.come(Fleet.Caller.AS_ADDED);
    waitForText("[data-lamp=data]", "Done.");
    assertThat(browser.findElements(By.cssSelector(".stepper .done"))).hasSize(5);
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("new-tunnel-done");
  }

  @Test
  @Order(9)
  void aChangeThatMustBeConfirmedIsABarOnEveryPage() throws IOException {
    go("/review");
    browser.findElement(By.id("begin:message")).sendKeys("move to the new port" + Keys.ENTER);
    waitForText("#commit-bar", "unless confirmed within");
    screenshots.page("review-waiting");
    go("/overview");
    waitForText("#commit-bar .countdown", "min");
    assertThat(axe.complaints()).isEmpty();
    screenshots.view("commit-bar");
    browser.findElement(By.id("commit:confirm")).click();
    waitForText("#told", "confirmed");
    wait.until(ExpectedConditions.invisibilityOfElementLocated(By.id("commit-bar")));
  }

  @Test
  @Order(10)
  void aRevisionIsRestoredAndWaitsToBeConfirmed() {
    go("/history");
    browser.findElement(By.linkText("new phones for the night shift")).click();
    wait.until(ExpectedConditions.elementToBeClickable(By.id("restore:submit"))).click();
    waitForText("#told", "as in");
    waitForText("#commit-bar", "Go back now");
    browser.findElement(By.id("commit:revert")).click();
    waitForText("#told", "as before");
  }

  @Test
  @Order(11)
  void editsAreCollectedOnEveryPageAndReviewedTogether() throws IOException {
    go("/settings?tunnel=office&number=1");
    set("gatehouse.tags", "site, pilot");
    set("AllowedIPs", "10.8.1.0/24");
    browser.findElement(By.id("settings:keep")).click();
    wait.until(ExpectedConditions.urlToBe(BASE + "/review"));
    go("/file?name=road.conf");
    browser.findElement(By.id("editor:keep")).click();
    waitForText("#pending-bar", "3 changes in 2 files");
    assertThat(text(".review")).contains("ListenPort = 51820", "goes on running");
    assertThat(text(".stay")).contains("of", "peers with a session keep it");
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("review-pending");
    go("/overview");
    waitForText("#pending-bar", "3 changes in 2 files");
    screenshots.view("pending-bar");
    go("/explorer?source=10.9.0.2&destination=10.8.9.7");
    assertThat(text(".foreseen"))
        .containsPattern("As it runs\\s+Nairobi in office, by 0.0.0.0/0")
        .containsPattern("changes that wait\\s+Accra in office, by 10.8.9.0/24");
    screenshots.page("explorer-pending");
    // A value as the file has it is no change any more; the rest stays.
    go("/settings?tunnel=office&number=1");
    assertThat(setting("gatehouse.tags").getDomProperty("value")).isEqualTo("site, pilot");
    set("gatehouse.tags", "site");
    browser.findElement(By.id("settings:keep")).click();
    waitForText("#pending-bar", "2 changes in 2 files");
    go("/settings?tunnel=office&number=1");
    set("gatehouse.note", "a conflict");
    browser.findElement(By.id("settings:keep")).click();
    waitForText(".review", "changed the same lines meanwhile");
    assertThat(browser.findElement(By.id("apply:submit")).isEnabled()).isFalse();
    go("/settings?tunnel=office&number=1");
    set("gatehouse.note", "");
    browser.findElement(By.id("settings:keep")).click();
    waitForText(".review", "goes on running");
    browser.findElement(By.id("apply:submit")).click();
    waitForText("#told", "the changes are applied");
    waitForText("#commit-bar", "unless confirmed within");
    assertThat(browser.findElements(By.id("pending-bar"))).isEmpty();
    browser.findElement(By.id("commit:confirm")).click();
    waitForText("#told", "confirmed");
  }

  @Test
  @Order(12)
  void droppedFilesAreCheckedBeforeTheyArePut() throws IOException {
    go("/files");
    browser.executeScript(
        "const data = new DataTransfer();for (const name of ['site.conf', 'office.conf',"
            + " 'notes.txt'])  data.items.add(new File(['[Interface]\\n"
            + "'], name));document.dispatchEvent(new DragEvent('drop', { dataTransfer: data,"
            + " bubbles: true }))");
    waitForText("#import", "Put these in place (1)");
    assertThat(text("#import")).contains("there is a file of that name already", "Passed over: 1.");
    assertThat(axe.complaints()).isEmpty();
    screenshots.view("import");
    browser.findElement(By.cssSelector("[data-import-put]")).click();
    waitForText("#import", "There now");
  }

  @Test
  @Order(12)
  void aBackupIsFetchedAndOneIsLookedAtAndRestored() throws IOException {
    go("/system");
    // Both ways to a common secret give the same.
    assertThat(
            browser.executeAsyncScript(
                "const done = arguments[0]; (async () => {"
                    + "const pair = await crypto.subtle.generateKey({name: 'X25519'}, false,"
                    + " ['deriveBits']);const theirs = new Uint8Array(await"
                    + " crypto.subtle.exportKey('raw', pair.publicKey));const ours ="
                    + " window.gatehouse.agreeByHand(theirs);const key = await"
                    + " crypto.subtle.importKey('raw', ours.public, {name: 'X25519'}, false, []);"
                    + "const common = new Uint8Array(await crypto.subtle.deriveBits({name:"
                    + " 'X25519', public: key}, pair.privateKey, 256));return String(common) ==="
                    + " String(ours.common)})().then(done, (e) => done(String(e)))"))
        .isEqualTo(true);
    browser.findElement(By.cssSelector("[data-backup-make]")).click();
    waitForText("#backup", "gatehouse-20261128T");
    assertThat(gateway.archive().console()).contains("\"users\"");

    Path file = Files.write(DIRECTORY.resolve("it.backup"), Archive.OCTETS);
    browser.findElement(By.cssSelector("[data-backup-file]")).sendKeys(file.toString());
    WebElement passphrase =
        wait.until(ExpectedConditions.elementToBeClickable(By.id("restore-passphrase")));
    passphrase.sendKeys(Archive.WRONG, Keys.ENTER);
    waitForText("#restore", "the passphrase is not the one");
    assertThat(axe.complaints()).isEmpty();
    passphrase.sendKeys("correct horse battery", Keys.ENTER);
    waitForText("#restore [data-restore='preview']", "office.conf");
    assertThat(gateway.archive().sealed()).as("the console did not see it").isTrue();
    assertThat(text("#restore"))
        .contains("branch.conf", "comes", "changes", "goes", "stays as it is", "Not restored");
    assertThat(axe.complaints()).isEmpty();
    screenshots.view("restore");
    browser.findElement(By.cssSelector("[data-restore-apply]")).click();
    waitForText("#restore", "begins anew");
    assertThat(Files.readString(DIRECTORY.resolve("state/audit.log")))
        .contains("backup.make", "restore.look", "restore.apply")
        .doesNotContain("horse");
  }

  @Test
  @Order(13)
  void aTableOfPeersIsShownBeforeTheyAreAdded() throws IOException {
    go("/add-peers?tunnel=office");
    WebElement table = browser.findElement(By.id("list:text"));
    table.sendKeys("name,tags,expires\nAna,staff,30d\nBen,,soon\n");
    browser.findElement(By.id("list:read")).click();
    waitForText("[id='list:found']", "soon is no time");
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("add-peers");
    table = browser.findElement(By.id("list:text"));
    table.clear();
    table.sendKeys("name,tags\nAna,staff\n");
    browser.findElement(By.id("list:read")).click();
    waitForText("[id='list:found']", "One peer");
    browser.findElement(By.cssSelector("[data-list-add]")).click();
    waitForText("#told", "to office");
    assertThat(text("#made")).contains("Ana", "10.8.0.9/32");
    assertThat(gateway.edited()).contains("name=Ana", "gatehouse.tags=[staff]");
  }

  @Test
  @Order(13)
  void whatRunsOtherwiseIsDecidedWhereItIsShown() throws IOException {
    go("/files");
    browser.findElement(By.linkText("Runs otherwise")).click();
    wait.until(ExpectedConditions.urlContains("/tunnel?name=road#drift"));
    assertThat(text("[data-drift]"))
        .containsPattern("ListenPort\\s+51831 line 4\\s+51821")
        .containsPattern("Address 10.9.255.1/32\\s+nothing\\s+10.9.255.1/32")
        .containsPattern("Peer ana-phone\\s+AllowedIPs")
        .contains("The file itself was last changed");
    // More often than a session keeps views: the buttons of the page still work.
    browser.executeAsyncScript(
        "const done = arguments[arguments.length - 1]; (async () => {for (let i = 0; i < 22; i++)"
            + " await window.gatehouse.renew(location.href, ['part-tunnel'])})().then(done)");
    browser.findElement(By.id("drift-ignore:submit")).click();
    waitForText("#told", "may stay so");
    waitForText("[data-drift]", "it was decided that it may stay so");
    assertThat(browser.findElements(By.id("drift-ignore:submit"))).isEmpty();
    assertThat(axe.complaints()).isEmpty();
    browser.findElement(By.id("drift-running:submit")).click();
    waitForText("#told", "stands in its file now");
    wait.until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector("[data-drift]")));
    assertThat(Files.readString(DIRECTORY.resolve("state/audit.log")))
        .contains("\"drift.ignore\"", "\"drift.takeRunning\"");
  }

  @Test
  @Order(13)
  void aFileThatWaitsIsApprovedAsItWasLookedAt() throws IOException {
    go("/overview");
    browser.findElement(By.cssSelector(".finding[data-file='warehouse.conf'] .decide a")).click();
    wait.until(ExpectedConditions.urlContains("/tunnel?name=warehouse#held"));
    assertThat(text("[data-held]"))
        .contains(
            "Waits for approval",
            "PostUp = iptables -A FORWARD -i %i -j ACCEPT",
            "PostDown = iptables -D FORWARD -i %i -j ACCEPT");
    browser.executeScript("document.querySelector('[data-held] [name=version]').value = 'another'");
    browser.findElement(By.id("approve:submit")).click();
    waitForText("#told", "has changed since you looked at it");
    browser.findElement(By.id("approve:submit")).click();
    waitForText("#told", "warehouse.conf is approved");
    wait.until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector("[data-held]")));
    assertThat(Files.readString(DIRECTORY.resolve("state/audit.log")))
        .contains("\"tunnel.approve\"");
  }

  private static WebElement setting(String key) {
    return browser.findElement(By.cssSelector("[data-setting='" + key + "']"));
  }

  private static void set(String key, String value) {
    setting(key).clear();
    setting(key).sendKeys(value);
  }

  @Test
  @Order(14)
  void aTextIsCheckedBeforeItIsSaved() {
    go("/file?name=office.conf");
    browser.findElement(By.id("editor:check")).click();
    waitForText("#outcome", "ListenPort = 51820");
    assertThat(text("#outcome")).contains("goes on running", "peers with a session keep it");
    assertThat(text("#margin")).startsWith("1\n2\n3");
    browser.findElement(By.cssSelector(".finding .place")).click();
    assertThat(
            browser.executeScript(
                "const t = document.activeElement;"
                    + " return t.value.substring(t.selectionStart, t.selectionEnd)"))
        .isEqualTo("AllowedIPs = 10.8.2.0/24, 10.8.1.128/25");
    browser.findElement(By.id("editor:save")).click();
    waitForText("#told", "saved and applied");
    assertThat(axe.complaints()).isEmpty();
    browser.findElement(By.cssSelector("#told [data-dismiss]")).click();
    assertThat(browser.findElements(By.cssSelector("#told .notice"))).isEmpty();
  }

  @Test
  @Order(15)
  void snmpUsersComeAndGoAndTheirPassphrasesAreNotShownAgain() throws IOException {
    go("/monitoring");
    addUser("night", "short");
    waitForText("#messages", "shorter than 12 characters");
    addUser("night", "a long passphrase");
    waitForText("#messages", "night");
    assertThat(browser.getPageSource()).contains("night").doesNotContain("a long passphrase");
    browser.findElement(By.cssSelector("[aria-label='Remove night']")).click();
    waitForText("#messages", "was removed");
    assertThat(browser.findElements(By.cssSelector("[aria-label='Remove night']"))).isEmpty();
    assertThat(browser.findElements(By.cssSelector("[aria-label='Remove monitor']"))).isEmpty();
    browser.findElement(By.id("test:submit")).click();
    waitForText("#messages", "on its way");

    go("/monitoring");
    browser.findElements(By.cssSelector(".more-form > summary")).forEach(WebElement::click);
    assertThat(browser.findElement(By.id("target:auth-pass")).isDisplayed()).isFalse();
    browser.findElement(By.id("target:inform")).click();
    assertThat(browser.findElement(By.id("target:auth-pass")).isDisplayed()).isTrue();
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("monitoring-forms");
    assertThat(fetched("/api/monitoring/WG-GATEWAY-MIB.txt")).isEqualTo("-- a file\n");
    assertThat(fetched("/api/metrics"))
        .contains("wireguard_received_bytes_total{interface=\"office\",");
  }

  private static void addUser(String name, String passphrase) {
    browser.findElement(By.cssSelector("section[aria-labelledby=h-users] summary")).click();
    WebElement field = wait.until(ExpectedConditions.elementToBeClickable(By.id("user:name")));
    field.clear();
    field.sendKeys(name);
    browser.findElement(By.id("user:auth-pass")).sendKeys(passphrase);
    browser.findElement(By.id("user:priv-pass")).sendKeys("another " + passphrase);
    browser.findElement(By.id("user:submit")).click();
  }

  /** What the console answers to the browser's user. */
  private static String fetched(String path) {
    return String.valueOf(
        browser.executeAsyncScript(
            "fetch(arguments[0]).then((r) => r.text()).then(arguments[1])", path));
  }

  @Test
  @Order(16)
  void theConsoleSpeaksTheVisitorsLanguage() throws IOException {
    for (String language : List.of("de", "ar")) {
      browser.manage().addCookie(new Cookie(Languages.COOKIE, language));
      go("/overview");
      assertThat(browser.findElement(By.tagName("html")).getDomAttribute("lang"))
          .isEqualTo(language);
      screenshots.page("overview-" + language);
    }
    assertThat(browser.findElement(By.tagName("html")).getDomAttribute("dir")).isEqualTo("rtl");
    assertThat(browser.findElement(By.cssSelector(".side")).getLocation().getX()).isPositive();
    go("/peers?tunnel=office");
    screenshots.page("peers-ar");
    go("/monitoring");
    screenshots.view("monitoring-ar");
    browser.manage().deleteCookieNamed(Languages.COOKIE);
  }

  @Test
  @Order(17)
  void aSimulationIsMarkedOnEveryPageInEveryLanguage() throws IOException {
    assertThat(browser.findElements(By.cssSelector(".simulation-bar"))).isEmpty();
    gateway.close();
    start(Fleet.of(64).simulated());
    go("/overview");
    wait.until(
        page -> {
          page.navigate().refresh();
          return !page.findElements(By.cssSelector(".simulation-bar")).isEmpty();
        });
    assertThat(text(".simulation-bar")).startsWith("Simulation").contains("nothing here");
    assertThat(axe.complaints()).isEmpty();
    screenshots.page("overview-simulation");
    for (Map.Entry<String, String> page : PAGES.entrySet()) {
      assertThat(html(page.getValue())).as(page.getKey()).contains("class=\"simulation-bar\"");
    }
    for (Map.Entry<String, String> language :
        Map.of("de", "nachgespielt", "ar", "محاكاة").entrySet()) {
      browser.manage().addCookie(new Cookie(Languages.COOKIE, language.getKey()));
      assertThat(html("/overview")).contains(language.getValue());
    }
    browser.manage().deleteCookieNamed(Languages.COOKIE);
  }

  /** A page as it comes, without its styles and scripts. */
  private static String html(String path) {
    return (String)
        browser.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "fetch(arguments[0]).then(answer => answer.text()).then(done)",
            path);
  }

  @Test
  @Order(18)
  void everyPageSaysThatTheDataPlaneIsAway() throws IOException {
    go("/overview");
    gateway.close();
    waitForText("#live .word", "Stale");
    assertThat(text("#stale")).containsPattern("Stale since \\d\\d:\\d\\d:\\d\\d\\.");
    screenshots.page("overview-stale");
    for (String page : PAGES.values()) {
      browser.get(BASE + page);
      assertThat(text("#stale")).as(page).containsPattern("Stale since \\d\\d:\\d\\d:\\d\\d\\.");
      if (page.matches("/(history|monitoring|explorer|files?|revision|compare)\\b.*")) {
        assertThat(text(".notice.error")).as(page).contains("not connected");
      }
    }
  }

  private static List<String> complaintsOfTheBrowser() {
    return browser.manage().logs().get("browser").getAll().stream()
        .map(entry -> entry.getMessage())
        .toList();
  }
}
