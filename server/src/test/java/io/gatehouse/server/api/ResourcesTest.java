// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.Passphrase;
import io.gatehouse.server.security.Action;
import io.gatehouse.wgquick.SecretKey;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method of the REST interface must say about itself. */
class ResourcesTest {
  /** What reading asks for; who may change some things is shown what there is of them. */
  private static final Set<Action> READING =
      EnumSet.of(
          Action.LOOK,
          Action.OWN_ACCOUNT,
          Action.EDIT_PEERS,
          Action.MANAGE_USERS,
          Action.READ_AUDIT);

  private static final Pattern SECRET =
      Pattern.compile("(?i).*(private|preshared|passphrase|password|secret|hash|code|proof).*");

  /** Shown once to whoever invites somebody; worth nothing to anybody who has an account. */
  private static final Set<String> SHOWN = Set.of("Invited.code", "FindingStatus.code");

  static Stream<Method> operations() {
    return ConsoleApi.RESOURCES.stream().flatMap(ApiDocument::operations);
  }

  @Test
  void everyResourceOfThePackageIsPublished() throws IOException, URISyntaxException {
    var place = java.nio.file.Path.of(ConsoleApi.class.getResource("ConsoleApi.class").toURI());
    try (var files = Files.list(place.getParent())) {
      List<String> resources =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".class"))
              .map(name -> name.substring(0, name.length() - ".class".length()))
              .filter(ResourcesTest::isToBeListed)
              .toList();
      assertThat(ConsoleApi.RESOURCES.stream().map(Class::getSimpleName))
          .containsExactlyInAnyOrderElementsOf(resources);
    }
  }

  /** Others are found by what they implement. */
  private static boolean isToBeListed(String name) {
    try {
      Class<?> type = Class.forName(ConsoleApi.class.getPackageName() + "." + name);
      return type.isAnnotationPresent(Path.class) && !PageResource.class.isAssignableFrom(type);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noTwoOperationsHaveOneName() {
    assertThat(operations().map(Method::getName)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationSaysWhatItIsAndWhoMay(Method method) {
    Operation operation = method.getAnnotation(Operation.class);
    assertThat(operation.operationId()).isEqualTo(method.getName());
    assertThat(operation.summary()).isNotBlank().doesNotEndWith(".");
    assertThat(method.getAnnotation(Needs.class)).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void whatIsGotChangesNothing(Method method) {
    if (ApiDocument.verb(method).orElseThrow().equals("GET")) {
      assertThat(READING).contains(method.getAnnotation(Needs.class).value());
      assertThat(method.getParameterTypes()).doesNotContain(Body.class);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void noAnswerHasAMemberForASecret(Method method) {
    look(ApiDocument.answer(method), new HashSet<>());
  }

  private static void look(Type type, Set<Type> seen) {
    if (!seen.add(type)) {
      return;
    }
    if (type instanceof ParameterizedType generic) {
      look(generic.getActualTypeArguments()[0], seen);
    } else if (type instanceof Class<?> named) {
      assertThat(named).isNotIn(SecretKey.class, Passphrase.class);
      if (named.isArray()) {
        look(named.getComponentType(), seen);
      }
      if (named.isSealed()) {
        Arrays.stream(named.getPermittedSubclasses()).forEach(each -> look(each, seen));
      }
      if (named.isRecord()) {
        for (RecordComponent member : named.getRecordComponents()) {
          String name = named.getSimpleName() + "." + member.getName();
          if (!SHOWN.contains(name) && member.getType() != boolean.class) {
            assertThat(member.getName()).as(name).doesNotMatch(SECRET);
          }
          look(member.getGenericType(), seen);
        }
      }
    }
  }
}
