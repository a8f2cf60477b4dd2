// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.openqa.selenium.chrome.ChromeDriver;

/** Looks for what keeps people out (axe-core), by the rules of WCAG 2.2, levels A and AA. */
final class Axe {
  private final ChromeDriver browser;
  private final String script;

  Axe(ChromeDriver browser) throws IOException {
    this.browser = browser;
    try (InputStream resource = Axe.class.getResourceAsStream("/axe.min.js")) {
      script = new String(resource.readAllBytes(), UTF_8);
    }
  }

  /** Everything that is serious or worse: rule, element, and what is wrong with it. */
  List<String> complaints() {
    return run("{type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}");
  }

  /** The same for what a theme can break alone. */
  List<String> faintTexts() {
    return run("{type: 'rule', values: ['color-contrast']}");
  }

  @SuppressWarnings("unchecked")
  private List<String> run(String only) {
    browser.executeScript("if (!window.axe) {" + script + "}");
    return (List<String>)
        browser.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "axe.run(document, {resultTypes: ['violations'], runOnly: "
                + only
                + "}).then(found => done(found.violations"
                + ".filter(rule => ['serious', 'critical'].includes(rule.impact))"
                + ".flatMap(rule => rule.nodes.map(node =>"
                + " rule.id + ' ' + node.html.slice(0, 160) + ' ' + node.failureSummary))))");
  }
}
