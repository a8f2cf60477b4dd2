// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits a hook into its commands and their words, as far as it is plain: words, quotes, and
 * commands one after the other. What a shell would expand, redirect or decide is not plain.
 */
final class ShellWords {
  private static final String NOT_PLAIN = "$`|<>()*?[]~#\n";

  private final String text;
  private final List<List<String>> commands = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;

  private ShellWords(String text) {
    this.text = text;
  }

  /** The commands of a hook in order, none of them empty; empty if it is not plain. */
  static Optional<List<List<String>>> of(String hook) {
    ShellWords shell = new ShellWords(hook);
    return shell.split() ? Optional.of(shell.commands) : Optional.empty();
  }

  private boolean split() {
    int at = 0;
    while (at >= 0 && at < text.length()) {
      at = next(at);
    }
    endCommand();
    return at >= 0;
  }

  /** Takes what begins somewhere, and gives where it ends; -1 where it is not plain. */
  private int next(int at) {
    char c = text.charAt(at);
    switch (c) {
      case '\'', '"' -> {
        int end = text.indexOf(c, at + 1);
        String quoted = end < 0 ? "" : text.substring(at + 1, end);
        if (end < 0 || c == '"' && quoted.chars().anyMatch(q -> "$`\\".indexOf(q) >= 0)) {
          return -1;
        }
        word.append(quoted);
        inWord = true;
        return end + 1;
      }
      case '\\' -> {
        if (at + 1 == text.length()) {
          return -1;
        }
        word.append(text.charAt(at + 1));
        inWord = true;
        return at + 2;
      }
      case ' ', '\t' -> endWord();
      case ';' -> endCommand();
      case '&' -> {
        endCommand();
        return text.startsWith("&&", at) ? at + 2 : -1;
      }
      default -> {
        if (NOT_PLAIN.indexOf(c) >= 0) {
          return -1;
        }
        word.append(c);
        inWord = true;
      }
    }
    return at + 1;
  }

  private void endWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }

  private void endCommand() {
    endWord();
    if (!words.isEmpty()) {
      commands.add(words);
      words = new ArrayList<>();
    }
  }
}
