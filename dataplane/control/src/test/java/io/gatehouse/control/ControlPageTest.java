// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/control.md is enough to write another client: it names all that goes over the socket. */
class ControlPageTest {
  private static final Path PAGE = Path.of("../../docs/control.md");

  private String page;

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(PAGE);
  }

  @Test
  void everyMethodIsThere() throws ReflectiveOperationException {
    for (Field method : ControlMethod.class.getFields()) {
      assertThat(page).contains("| `" + method.get(null) + "` | ");
    }
  }

  @Test
  void everyMemberOfEveryRecordIsThere() {
    for (Class<?> type : contract()) {
      String section = section(name(type));
      assertThat(members(section))
          .as(type.getSimpleName())
          .isEqualTo(
              Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList());
    }
  }

  @Test
  void everyWordIsThere() {
    for (Class<?> type : contract()) {
      for (RecordComponent component : type.getRecordComponents()) {
        if (component.getType().isEnum()) {
          for (Object word : component.getType().getEnumConstants()) {
            assertThat(page).contains("| `" + ((Enum<?>) word).name() + "` | ");
          }
        }
      }
    }
  }

  @Test
  void everyErrorIsThere() throws ReflectiveOperationException {
    for (Field code : ControlException.class.getFields()) {
      assertThat(page).contains("| " + code.getInt(null) + " | ");
    }
  }

  /** What the client's methods take and give, and what that is made of. */
  private static Set<Class<?>> contract() {
    // These two the client keeps to itself.
    Deque<Type> open = new ArrayDeque<>(List.of(Subscription.class, StatusChanges.class));
    Arrays.stream(ControlClient.class.getDeclaredMethods())
        .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
        .forEach(
            method -> {
              open.add(method.getGenericReturnType());
              open.addAll(List.of(method.getGenericParameterTypes()));
            });
    Set<Class<?>> records = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      Type type = open.remove();
      if (type instanceof ParameterizedType generic) {
        open.addAll(List.of(generic.getActualTypeArguments()));
      } else if (type instanceof Class<?> plain && plain.isSealed()) {
        open.addAll(List.of(plain.getPermittedSubclasses()));
      } else if (type instanceof Class<?> plain && plain.isRecord() && records.add(plain)) {
        for (RecordComponent component : plain.getRecordComponents()) {
          open.add(component.getGenericType());
        }
      }
    }
    assertThat(records)
        .contains(
            GatewayStatus.class, PeerStatus.class, PeerAddition.class, EditStep.RemovePeer.class);
    return records;
  }

  /** With that of the interface whose record it is. */
  private static String name(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return (outer == null ? "" : outer.getSimpleName() + ".") + type.getSimpleName();
  }

  private String section(String name) {
    int start = page.indexOf("\n### " + name + "\n");
    assertThat(start).as(name + " has a section").isNotNegative();
    int end = page.indexOf("\n##", start + 1);
    return page.substring(start, end < 0 ? page.length() : end);
  }

  private static List<String> members(String section) {
    return section
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(3, line.indexOf('`', 3)))
        .toList();
  }
}
