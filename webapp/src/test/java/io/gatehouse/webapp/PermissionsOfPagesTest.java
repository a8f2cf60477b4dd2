// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.server.security.Permissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermissionsOfPagesTest {
  private static final List<String> OF_STRANGERS = List.of("/login", "/setup");

  /** All pages there are, as they stand in addresses. */
  static List<String> pages() throws IOException {
    try (var files = Files.list(Path.of("src/main/webapp"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".xhtml"))
          .map(name -> "/" + name.replace(".xhtml", ""))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyPageIsInTheTableOrForStrangers() throws IOException {
    for (String page : pages()) {
      assertThat(Permissions.ofPath(page).isPresent())
          .as("enter " + page + " in Permissions")
          .isEqualTo(!OF_STRANGERS.contains(page));
    }
  }
}
