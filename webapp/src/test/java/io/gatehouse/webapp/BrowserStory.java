// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.webapp.fake.FakeGateway;
import io.gatehouse.webapp.fake.Fleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** What tests share that look at the console in a browser, beside made-up tunnels. */
abstract class BrowserStory {
  static final Path DIRECTORY = Path.of(System.getProperty("it.directory"));
  static final String BASE = "https://127.0.0.1:" + System.getProperty("it.port");
  static final String PASSWORD = "a quiet river stone";

  static FakeGateway gateway;
  static Fleet fleet;
  static ChromeDriver browser;
  static WebDriverWait wait;
  static Screenshots screenshots;
  static Axe axe;

  static void open(Fleet some) throws IOException {
    start(some);
    browser = Chromium.start();
    wait = Chromium.patience(browser);
    screenshots = new Screenshots(browser);
    axe = new Axe(browser);
  }

  @AfterAll
  static void close() throws IOException {
    if (browser != null) {
      browser.quit();
    }
    gateway.close();
  }

  /** Has other tunnels from now on. */
  static void start(Fleet some) throws IOException {
    if (gateway != null) {
      gateway.close();
    }
    fleet = some;
    gateway = new FakeGateway(DIRECTORY.resolve("control.sock"), fleet);
  }

  /** Uses the setup code. */
  static void becomeAdministrator() throws IOException {
    browser.get(BASE + "/setup");
    assertThat(axe.complaints()).isEmpty();
    String code = Files.readString(DIRECTORY.resolve("state/setup-code")).strip();
    browser.findElement(By.id("setup:code")).sendKeys(code);
    browser.findElement(By.id("setup:password")).sendKeys(PASSWORD);
    browser.findElement(By.id("setup:repeat")).sendKeys(PASSWORD + Keys.ENTER);
    wait.until(ExpectedConditions.urlToBe(BASE + "/overview"));
    waitForText("#live .word", "Live");
  }

  /** Goes to a page, and waits until it is told of what changes. */
  static void go(String page) {
    browser.get(BASE + page);
    wait.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("#live.is-live .word")));
  }

  static String text(String css) {
    return Chromium.text(wait, By.cssSelector(css));
  }

  static void waitForText(String css, String text) {
    wait.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(css), text));
  }
}
