// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.settings;

import io.gatehouse.wgquick.IpLiteral;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** What may be given for a setting, as far as that can be said without the process that uses it. */
public sealed interface Values {
  /** What may be given, to follow "give ". */
  String words();

  /** Whether that may be given. */
  boolean admit(String text);

  /** {@code true} or {@code false}. */
  record Truth() implements Values {
    @Override
    public String words() {
      return "true or false";
    }

    @Override
    public boolean admit(String text) {
      return text.equals("true") || text.equals("false");
    }
  }

  /** A path from the root. */
  record AbsolutePath() implements Values {
    @Override
    public String words() {
      return "an absolute path";
    }

    @Override
    public boolean admit(String text) {
      try {
        return Path.of(text).isAbsolute();
      } catch (InvalidPathException e) {
        return false;
      }
    }
  }

  /** A literal address, or a star for all that there are. */
  record Address() implements Values {
    @Override
    public String words() {
      return "a literal address, or * for every address";
    }

    @Override
    public boolean admit(String text) {
      try {
        return text.equals("*") || !IpLiteral.parse(text).isMulticastAddress();
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }

  /**
   * One of some words, in capitals or not.
   *
   * @param choices the words
   */
  record Words(List<String> choices) implements Values {
    /** Keeps a copy. */
    public Words {
      choices = List.copyOf(choices);
    }

    @Override
    public String words() {
      int last = choices.size() - 1;
      return String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
    }

    @Override
    public boolean admit(String text) {
      return choices.stream().anyMatch(text::equalsIgnoreCase);
    }
  }

  /**
   * A whole number.
   *
   * @param unit what is counted; may be empty
   * @param least the smallest
   * @param most the largest
   * @param auto whether the word {@code auto} will do as well
   */
  record Whole(String unit, int least, int most, boolean auto) implements Values {
    @Override
    public String words() {
      return (auto ? "auto, or " : "")
          + "a whole number"
          + (unit.isEmpty() ? "" : " (" + unit + ")")
          + ", "
          + least
          + " to "
          + most;
    }

    @Override
    public boolean admit(String text) {
      if (auto && text.equals("auto")) {
        return true;
      }
      try {
        int number = Integer.parseInt(text);
        return number >= least && number <= most;
      } catch (NumberFormatException e) {
        return false;
      }
    }
  }

  /**
   * What only the process that uses it can judge.
   *
   * @param words what that is
   */
  record Text(String words) implements Values {
    @Override
    public boolean admit(String text) {
      return true;
    }
  }
}
