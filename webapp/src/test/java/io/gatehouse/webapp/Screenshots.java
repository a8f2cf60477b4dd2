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

  /** Widths in pixels. */
  static final int DESK = 1440;

  static final int PHONE = 360;

  private final ChromeDriver browser;

  /** What to look at besides, while the page is shown so. */
  interface Look {
    void at(String scheme, int width);
  }

  Screenshots(ChromeDriver browser) {
    this.browser = browser;
  }

  /** The whole page from top to bottom. */
  void page(String name) throws IOException {
    take(name, true, (scheme, width) -> {});
  }

  /** The whole page, and something to look at each time. */
  void page(String name, Look look) throws IOException {
    take(name, true, look);
  }

  /** What is seen without scrolling. */
  void view(String name) throws IOException {
    take(name, false, (scheme, width) -> {});
  }

  private void take(String name, boolean whole, Look look) throws IOException {
    Files.createDirectories(DIRECTORY);
    browser.executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
    for (String scheme : List.of("light", "dark")) {
      browser.executeCdpCommand(
          "Emulation.setEmulatedMedia",
          Map.of(
              "features",
              List.of(
                  Map.of("name", "prefers-color-scheme", "value", scheme),
                  Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
      for (int width : new int[] {DESK, PHONE}) {
        size(width, width == DESK ? 900 : 780);
        if (whole) {
          // As if the screen were that long: what sticks to its end is at its end.
          size(width, height());
        }
        save(name + "-" + scheme + "-" + width);
        look.at(scheme, width);
      }
    }
    browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
  }

  private void size(int width, int height) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  private int height() {
    return ((Number)
            browser.executeScript(
                "return Math.max(document.documentElement.scrollHeight, innerHeight)"))
        .intValue();
  }

  private void save(String name) throws IOException {
    // Two frames; nothing moves.
    browser.executeAsyncScript(
        "const done = arguments[arguments.length - 1];"
            + "requestAnimationFrame(() => requestAnimationFrame(done))");
    Map<String, Object> picture =
        browser.executeCdpCommand(
            "Page.captureScreenshot",
            Map.of("format", "png", "captureBeyondViewport", false, "optimizeForSpeed", true));
    Files.write(
        DIRECTORY.resolve(name + ".png"), Base64.getDecoder().decode((String) picture.get("data")));
  }
}
