// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A page of the documentation, as far as it tells what to type. Such a block begins with {@code
 * ```sh} and the name of a machine; a scene may follow, where one page tells several stories, and
 * {@code eventually}, where what it asks for takes a moment.
 *
 * @param name the page's file name below {@code docs}, or {@code ../README.md}
 * @param blocks in the order of the page
 */
record Guide(String name, List<Block> blocks) {
  private static final String FENCE = "```";

  /**
   * What a reader would type.
   *
   * @param line of the page on which the block begins, counted from 1
   * @param machine where it is typed
   * @param scene the story it belongs to, empty where the page tells but one
   * @param eventually whether it may fail a few times first
   */
  record Block(int line, String machine, String scene, boolean eventually, String commands) {}

  static Guide read(String name) {
    try {
      return new Guide(name, blocks(Files.readAllLines(pages().resolve(name))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the pages are. */
  static Path pages() {
    return Lab.PROJECT.resolve("docs");
  }

  List<Block> scene(String scene) {
    return blocks.stream().filter(block -> block.scene().equals(scene)).toList();
  }

  private static List<Block> blocks(List<String> page) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < page.size(); i++) {
      if (!page.get(i).startsWith(FENCE)) {
        continue;
      }
      int begin = i;
      List<String> commands = new ArrayList<>();
      while (!page.get(++i).startsWith(FENCE)) {
        commands.add(page.get(i));
      }
      block(begin + 1, page.get(begin).substring(FENCE.length()), String.join("\n", commands))
          .ifPresent(blocks::add);
    }
    return blocks;
  }

  private static Optional<Block> block(int line, String info, String commands) {
    List<String> words = new ArrayList<>(List.of(info.strip().split(" +")));
    if (!words.removeFirst().equals("sh")) {
      return Optional.empty();
    }
    if (words.isEmpty()) {
      throw new AssertionError("Line " + line + ": ```sh names no machine");
    }
    String machine = words.removeFirst();
    boolean eventually = words.removeAll(Set.of("eventually"));
    return Optional.of(new Block(line, machine, String.join(" ", words), eventually, commands));
  }
}
