// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.chrome.ChromeDriver;

/** Pictures of a page for people to look at, light and dark, on a desk and on a phone. */
final class Screenshots {
  private static final Path DIRECTORY = Path.of("target/screenshots");

  private final ChromeDriver browser;

  Screenshots(ChromeDriver browser) {
    this.browser = browser;
  }

  /** The whole page from top to bottom. */
  void page(String name) throws IOException {
    take(name, true);
  }

  /** What is seen without scrolling. */
  void view(String name) throws IOException {
    take(name, false);
  }

  private void take(String name, boolean whole) throws IOException {
    Files.createDirectories(DIRECTORY);
    browser.executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
    for (String scheme : List.of("light", "dark")) {
      browser.executeCdpCommand(
          "Emulation.setEmulatedMedia",
          Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
      size(1440, 900);
      save(name + "-" + scheme + "-1440", whole);
      size(390, 844);
      save(name + "-" + scheme + "-390", whole);
    }
    browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
  }

  private void size(int width, int height) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  private void save(String name, boolean whole) throws IOException {
    // Two frames and whatever fades in.
    browser.executeAsyncScript(
        "const done = arguments[arguments.length - 1];"
            + "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 250)))");
    Map<String, Object> picture =
        browser.executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole));
    Files.write(
        DIRECTORY.resolve(name + ".png"), Base64.getDecoder().decode((String) picture.get("data")));
  }
}
