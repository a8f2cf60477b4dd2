// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.ControlMethod;
import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Permissions;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PermissionsOfPagesTest {
  static final List<String> OF_STRANGERS = List.of("/login", "/setup", "/get");

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

  @Test
  void theAuditHasAWordForEveryChange() throws IllegalAccessException {
    for (Field constant : ControlMethod.class.getFields()) {
      String method = (String) constant.get(null);
      Optional<Action> action =
          Permissions.ofMethod(
              method, Json.createObjectBuilder().add("files", JsonValue.EMPTY_JSON_ARRAY).build());
      if (action.isPresent() && action.get() != Action.LOOK && !Permissions.isPart(method)) {
        assertThat(Texts.in(Locale.ENGLISH).orElse("action." + method, ""))
            .as("action." + method)
            .isNotEmpty();
      }
    }
  }
}
