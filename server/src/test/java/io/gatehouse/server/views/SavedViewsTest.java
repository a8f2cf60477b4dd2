// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.server.views.SavedViews.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each user has views of their own, over restarts, and not without end. */
class SavedViewsTest {
  @TempDir private Path directory;

  @Test
  void viewsAreKeptByUserAndReplacedByName() throws IOException {
    SavedViews views = new SavedViews(directory);
    views.save("ana", new View("Night shift, phones", "q=staff&state=UP"));
    views.save("ana", new View("All", ""));
    views.save("ben", new View("All", "q=x"));
    views.save("ana", new View("All", "q=y"));
    views = new SavedViews(directory);
    assertThat(views.of("ana"))
        .containsExactly(
            new View("Night shift, phones", "q=staff&state=UP"), new View("All", "q=y"));
    views.remove("ana", "All");
    assertThat(new SavedViews(directory).of("ana")).hasSize(1);
    assertThat(views.of("ben")).containsExactly(new View("All", "q=x"));
    assertThat(views.of("nobody")).isEmpty();
  }

  @Test
  void thereIsAnEndOfThemAndADamagedLineCostsNoOther() throws IOException {
    SavedViews views = new SavedViews(directory);
    for (int i = 0; i < SavedViews.MOST; i++) {
      assertThat(views.save("ana", new View("v" + i, "q=" + i))).isTrue();
    }
    assertThat(views.save("ana", new View("one more", ""))).isFalse();
    assertThat(views.save("ana", new View("v3", "x".repeat(3000)))).isFalse();
    Files.writeString(directory.resolve("views"), "%zz\n", StandardOpenOption.APPEND);
    assertThat(new SavedViews(directory).of("ana")).hasSize(SavedViews.MOST);
  }
}
