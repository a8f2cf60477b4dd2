// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * docs/settings.md and etc/gatehouse.properties are what {@link KnownSettings} says. Run with
 * {@code -Dgatehouse.pages=write} (module.test.jvm) to write them anew.
 */
class SettingsPageTest {
  private static final Path PAGE = Path.of("../../docs/settings.md");
  private static final Path EXAMPLE = Path.of("../../etc/gatehouse.properties");
  private static final int WIDTH = 110;

  private static final String PAGE_HEAD =
      """
      # Settings

      This page and [etc/gatehouse.properties](../etc/gatehouse.properties) are made from the declarations in the code; a test
      holds them equal. Every setting has a default that works. Unless the table says otherwise, each is read at the start
      of the process that uses it, so a change needs a restart of that one: the data plane, the console, or both. Those without a
      restart take effect within seconds of a change in the settings file or in `conf.d`. (Tunnels are no settings: their files are taken as
      they change.)

      ## Sources

      Strongest first:

      | source | example |
      | --- | --- |
      | flags of the command | `gatehouse-dataplane --log FINE` |
      | system properties of Java | `-Dgatehouse.log.level=FINE` |
      | the environment: capitals and underscores | `GATEHOUSE_LOG_LEVEL=FINE` |
      | credentials of systemd, by the name of the setting | `LoadCredential=gatehouse.snmp.targets:/etc/keys/targets` |
      | `conf.d/*.properties` beside the file, the last by name first | `/etc/gatehouse/conf.d/50-site.properties` |
      | the file, `/etc/gatehouse/gatehouse.properties` or what `gatehouse.config` (`GATEHOUSE_CONFIG`) names | `gatehouse.log.level=FINE` |
      | the default | |

      Anywhere, `NAME.file` gives the path of a file that holds the value (`GATEHOUSE_NAME_FILE` in the environment), for what
      should not stand among the rest. A value of blanks alone is the default.

      A name that begins with `gatehouse.` and is not on this page, one that a source gives twice, or a value that cannot be used, stops the
      start: the message names file and line, or whatever it came from, and what would do. The process ends with status 78, and systemd does not start it again
      before somebody does (`systemctl restart`); after anything else it does. `gatehouse settings check` looks beforehand, at
      those of both processes; `gatehouse settings` lists what is in force, and where from. Variables that Kubernetes makes for a service
      called gatehouse (`GATEHOUSE_SERVICE_HOST` and so on) are passed over.

      ## All of them

      | setting | default | values | used by |
      | --- | --- | --- | --- |
      """;

  private static final String EXAMPLE_HEAD =
      """
      # Settings of Gatehouse, data plane and console. docs/settings.md has the same as a page.
      #
      # Read from /etc/gatehouse/gatehouse.properties, or from the file that gatehouse.config names, and then from
      # conf.d/*.properties beside it, by name. Stronger than these, strongest first: flags of the command, Java system
      # properties (-Dgatehouse.log.level=FINE), environment variables (GATEHOUSE_LOG_LEVEL=FINE), credentials of systemd.
      # Every line below shows the default. Take the # away to change it, then restart the process that it is for.
      """;

  @Test
  void thePageIsWhatTheCodeDeclares() throws IOException {
    StringBuilder page = new StringBuilder(PAGE_HEAD);
    for (Setting setting : KnownSettings.ALL) {
      page.append("| `").append(setting.name()).append("` | ");
      page.append(setting.standard().isEmpty() ? "" : "`" + setting.standard() + "`");
      page.append(" | ").append(setting.values().words());
      page.append(" | ").append(setting.process().words());
      page.append(setting.restart() ? " |\n" : ", without a restart |\n");
    }
    for (Setting setting : KnownSettings.ALL) {
      page.append("\n### ").append(setting.name()).append("\n\n");
      page.append(wrapped(setting.about(), "")).append('\n');
    }
    same(PAGE, page.toString());
  }

  @Test
  void theExampleIsWhatTheCodeDeclares() throws IOException {
    StringBuilder example = new StringBuilder(EXAMPLE_HEAD);
    for (Setting setting : KnownSettings.ALL) {
      example.append('\n').append(wrapped(setting.about(), "# ")).append('\n');
      example.append(wrapped("Give " + setting.values().words() + ".", "# ")).append('\n');
      example
          .append('#')
          .append(setting.name())
          .append('=')
          .append(setting.standard())
          .append('\n');
    }
    same(EXAMPLE, example.toString());
  }

  @Test
  void everyDefaultIsOneOfTheValues() {
    assertThat(KnownSettings.ALL)
        .allSatisfy(
            setting ->
                assertThat(setting.values().admit(setting.standard())).as(setting.name()).isTrue())
        .allSatisfy(setting -> assertThat(setting.name()).matches("gatehouse(\\.[a-z0-9]+)+"));
  }

  private static void same(Path file, String wanted) throws IOException {
    if (System.getProperty("gatehouse.pages", "").equals("write")) {
      Files.writeString(file, wanted);
    }
    assertThat(Files.readString(file)).isEqualTo(wanted);
  }

  private static String wrapped(String text, String before) {
    StringBuilder lines = new StringBuilder(before);
    int length = 0;
    List<String> words = Arrays.asList(text.split(" "));
    for (String word : words) {
      if (length > 0 && length + 1 + word.length() > WIDTH) {
        lines.append('\n').append(before);
        length = 0;
      }
      lines.append(length == 0 ? "" : " ").append(word);
      length += word.length() + (length == 0 ? 0 : 1);
    }
    return lines.toString();
  }
}
