// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.ControlMethod;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PermissionsTest {
  /** What a user may do, in full: whoever changes the table changes this too. */
  private static final Set<Action> VIEWERS = EnumSet.of(Action.LOOK, Action.OWN_ACCOUNT);

  private static final Set<Action> OPERATORS =
      EnumSet.of(
          Action.LOOK,
          Action.OWN_ACCOUNT,
          Action.SWITCH_TUNNEL,
          Action.EDIT_PEERS,
          Action.CHANGE_SAFELY,
          Action.TEST_NOTIFICATIONS);

  /** The console asks for these for nobody. */
  private static final Set<String> NEVER =
      Set.of(ControlMethod.FILE_EXPORT, /* a notification */ ControlMethod.CHANGES);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void everyRoleMayExactlyItsActions(Action action) {
    Guard guard = new Guard(new Audit(directory.resolve("audit.log"), 1 << 20));
    for (Role role : Role.values()) {
      boolean may =
          switch (role) {
            case VIEWER -> VIEWERS.contains(action);
            case OPERATOR -> OPERATORS.contains(action);
            case ADMIN -> true;
          };
      As.user(
          "somebody",
          role,
          () -> {
            if (may) {
              guard.require(action);
              assertThat(guard.<Boolean, RuntimeException>change(action, "x", "", d -> true))
                  .isTrue();
            } else {
              assertThatThrownBy(() -> guard.require(action))
                  .as(role + " " + action)
                  .isInstanceOf(Forbidden.class);
              assertThatThrownBy(() -> guard.change(action, "x", "", d -> fail()))
                  .isInstanceOf(Forbidden.class);
            }
            return true;
          });
    }
    As.stranger(
        () ->
            assertThatThrownBy(() -> guard.change(action, "x", "", d -> fail()))
                .isInstanceOf(Forbidden.class));
  }

  private static boolean fail() {
    throw new AssertionError("was done all the same");
  }

  static Stream<String> methods() {
    return Arrays.stream(ControlMethod.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(PermissionsTest::value);
  }

  private static String value(Field constant) {
    try {
      return (String) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodOfTheControlSocketIsInTheTable(String method) {
    assertThat(Permissions.ofMethod(method, json("{\"files\":[]}")).isPresent())
        .as("enter " + method + " in Permissions, or in NEVER here")
        .isEqualTo(!NEVER.contains(method));
  }

  @Test
  void whatIsNotInTheTableIsForNobody() {
    assertThat(Permissions.ofMethod("file.steal", JsonValue.EMPTY_JSON_OBJECT)).isEmpty();
    assertThat(Permissions.ofPath("/nowhere")).isEmpty();
    assertThat(Permissions.ofPath("/overview/..")).isEmpty();
    assertThat(Permissions.isOpen("/nowhere")).isFalse();
    assertThat(Permissions.isOpen("/loginx")).isFalse();
  }

  @Test
  void aPageIsTheSameWithAndWithoutItsSuffix() {
    assertThat(Permissions.ofPath("/audit.xhtml"))
        .isEqualTo(Permissions.ofPath("/audit"))
        .contains(Action.READ_AUDIT);
    assertThat(Permissions.isOpen("/login.xhtml")).isTrue();
    assertThat(Permissions.isOpen("/jakarta.faces.resource/theme.css.xhtml")).isTrue();
  }

  @Test
  void anEditOfPeersAloneIsNotAnEditOfFiles() {
    assertThat(edit("{'kind':'disable','peer':'K'}", "{'kind':'set','peer':'K','key':'Endpoint'}"))
        .contains(Action.EDIT_PEERS);
    assertThat(edit("{'kind':'addPeer','publicKey':'K'}")).contains(Action.EDIT_PEERS);
    for (String step :
        List.of(
            "{'kind':'set','key':'ListenPort'}",
            "{'kind':'set','peer':null,'key':'ListenPort'}",
            "{'kind':'add','key':'Address'}",
            "{'kind':'fix','code':'x','line':1}")) {
      assertThat(edit("{'kind':'disable','peer':'K'}", step)).as(step).contains(Action.EDIT_FILES);
    }
  }

  private static Optional<Action> edit(String... steps) {
    return Permissions.ofMethod(
        ControlMethod.EDIT,
        json("{'files':[{'name':'wg0.conf','steps':[" + String.join(",", steps) + "]}]}"));
  }

  private static JsonObject json(String text) {
    try (var reader = Json.createReader(new StringReader(text.replace('\'', '"')))) {
      return reader.readObject();
    }
  }
}
