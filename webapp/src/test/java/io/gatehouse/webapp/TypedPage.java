// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a page of {@code docs} tells to type, in blocks that begin with {@code ```bash} and a name.
 * {@code CommandsOfPagesTest} finds out who types which by the words {@code TypedPage.block("PAGE",
 * "NAME")} and their like.
 */
public final class TypedPage {
  /** The checkout. */
  public static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  private TypedPage() {}

  /** The only block of that name. */
  public static String block(String page, String name) {
    List<String> blocks = blocks(page, name);
    if (blocks.size() != 1) {
      throw new AssertionError("docs/" + page + ".md has " + blocks.size() + " blocks " + name);
    }
    return blocks.getFirst();
  }

  /** The words of the only command in the only block of that name, without its comment. */
  public static List<String> command(String page, String name) {
    return List.of(block(page, name).replaceFirst("\\s+#.*", "").strip().split(" +"));
  }

  /** All blocks of that name, in the order of the page. */
  public static List<String> blocks(String page, String name) {
    try {
      String text = Files.readString(PROJECT.resolve("docs").resolve(page + ".md"));
      return Pattern.compile("(?ms)^```bash " + Pattern.quote(name) + "\n(.*?)^```$")
          .matcher(text)
          .results()
          .map((MatchResult block) -> block.group(1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
