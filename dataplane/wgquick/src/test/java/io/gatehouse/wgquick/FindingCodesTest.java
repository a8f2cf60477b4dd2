// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of codes in the documentation is the one in the code. */
class FindingCodesTest {
  private static final Path PAGE = Path.of("../../docs/wg-quick-files.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([A-Z0-9-]+)` \\| (error|warning|note) \\|", Pattern.MULTILINE);

  @Test
  void everyCodeIsInTheTableWithItsSeverity() throws IOException {
    List<String> documented =
        ROW.matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult row) -> row.group(1) + " " + row.group(2))
            .toList();
    List<String> known =
        Arrays.stream(FindingCode.values())
            .map(code -> code.code() + " " + code.severity().name().toLowerCase(Locale.ROOT))
            .toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(known);
  }
}
