// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.server.security.As;
import io.gatehouse.server.security.Audit;
import io.gatehouse.server.security.Forbidden;
import io.gatehouse.server.security.Guard;
import io.gatehouse.server.security.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A link is good once, for a while, for whoever has it, and nothing that is kept opens it. */
class LinksTest {
  private static final String SEALED = "c2VhbGVk";
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path state;
  private long now = 1_800_000_000;

  private Links links() {
    return new Links(
        state.resolve("links"), new Guard(new Audit(state)), () -> Instant.ofEpochSecond(now));
  }

  private String make(String label) throws Exception {
    return As.user("ana", Role.OPERATOR, () -> links().make(SEALED, label, DAY));
  }

  @Test
  void aLinkIsGoodOnceAlsoAfterARestart() throws Exception {
    String id = make("Phone");
    assertThat(id).hasSize(43);
    assertThat(As.stranger(() -> links().take(id))).contains(SEALED);
    assertThat(As.stranger(() -> links().take(id))).isEmpty();
    assertThat(Files.readString(state.resolve("audit.log")))
        .contains("link.make", "link.take", "Phone", "ana")
        .doesNotContain(id, SEALED);
  }

  @Test
  void whatIsKeptDoesNotNameTheLink() throws Exception {
    String id = make("Phone");
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file.toString() + Files.readString(file)).doesNotContain(id);
      }
    }
  }

  @Test
  void aLinkEndsAndIsTakenBack() throws Exception {
    String late = make("late");
    now += DAY.toSeconds();
    assertThat(As.stranger(() -> links().take(late))).isEmpty();
    String back = make("back");
    List<Links.Link> waiting = As.user("ana", Role.OPERATOR, () -> links().list());
    assertThat(waiting).extracting(Links.Link::label).containsExactly("back");
    As.user(
        "ana",
        Role.OPERATOR,
        () -> {
          links().revoke(waiting.getFirst().handle());
          return true;
        });
    assertThat(As.stranger(() -> links().take(back))).isEmpty();
  }

  @Test
  void viewersMakeNoneAndThereIsAnEndOfThem() throws Exception {
    assertThatThrownBy(() -> As.user("v", Role.VIEWER, () -> links().make(SEALED, "x", DAY)))
        .isInstanceOf(Forbidden.class);
    for (int i = 0; i < Links.MOST; i++) {
      make("x" + i);
    }
    assertThatThrownBy(() -> make("one more")).hasMessageContaining("links wait already");
    assertThatThrownBy(
            () ->
                As.user(
                    "ana",
                    Role.OPERATOR,
                    () -> links().make("A".repeat(Links.LARGEST + 1), "x", DAY)))
        .isInstanceOf(Links.Full.class);
    assertThatThrownBy(
            () ->
                As.user("ana", Role.OPERATOR, () -> links().make(SEALED, "x", DAY.multipliedBy(8))))
        .isInstanceOf(Links.Full.class);
  }
}
