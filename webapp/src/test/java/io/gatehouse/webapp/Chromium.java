// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import java.io.File;
import java.time.Duration;
import java.util.Optional;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A browser without a window. */
final class Chromium {
  /** Far more than anything takes; a timing is never what a test is about. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private Chromium() {}

  static ChromeDriver start() {
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
        "--lang=en",
        "--window-size=1440,1000");
    // Debian's own driver, named, so that nothing tries to fetch one.
    ChromeDriver browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .build(),
            options);
    browser.manage().timeouts().scriptTimeout(PATIENCE);
    return browser;
  }

  /** Waits for what a page is about to show, also while the page puts parts in others' places. */
  static WebDriverWait patience(ChromeDriver browser) {
    WebDriverWait wait = new WebDriverWait(browser, PATIENCE, Duration.ofMillis(50));
    wait.ignoring(StaleElementReferenceException.class);
    return wait;
  }

  /** What is read on an element once it is seen. */
  static String text(WebDriverWait wait, By by) {
    return wait.until(
            page -> {
              WebElement element = page.findElement(by);
              // Empty would count as seen: a text may well be.
              return element.isDisplayed() ? Optional.of(element.getText()) : null;
            })
        .orElseThrow();
  }
}
