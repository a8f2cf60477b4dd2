// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** gatehouse(8) has what the program has, in words that mdoc(7) does not take for its own. */
class ManPageTest {
  private final CommandLine line = GatehouseMain.commandLine(List.of(), Streams.ofProcess());
  private final String page = ManPage.of(line, LocalDate.of(2026, 1, 2));

  @Test
  void hasEveryCommandAndEveryOption() {
    hasAll(line);
  }

  private void hasAll(CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
        assertThat(page).contains(option.longestName().replace("-", "\\-"));
      }
    }
    command
        .getSubcommands()
        .forEach(
            (name, inner) -> {
              if (!inner.getCommandSpec().usageMessage().hidden()) {
                assertThat(page)
                    .containsPattern(
                        "(?m)^\\.It ([a-z]+ )*"
                            + Pattern.quote(name.replace("-", "\\-"))
                            + "( |$)");
              }
              hasAll(inner);
            });
  }

  @Test
  void carriesTheGivenDate() {
    assertThat(page).startsWith(".Dd January 2, 2026\n");
  }

  @Test
  void eachLineOfDotsIsOneOfTheFewRequestsUsed() {
    assertThat(page.lines().filter(text -> text.startsWith(".") || text.startsWith("'")))
        .allMatch(text -> text.matches("\\.(Dd|Dt|Os|Sh|Nm|Nd|Op|Ar|Bl|It|El|Xr)( .*)?"));
    assertThat(page).doesNotContain("\n\n");
    assertThat(page.split("\\.Bl ", -1)).hasSameSizeAs(page.split("\\.El\n", -1));
  }
}
