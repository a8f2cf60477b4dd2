// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A properties file whose lines are known by number, which {@link Properties} does not tell. */
final class SettingsFile {
  private SettingsFile() {}

  /**
   * One line of it.
   *
   * @param name of the property
   * @param value its value
   * @param number the line, or the first of those that a backslash joins; counted from 1
   */
  record Line(String name, String value, int number) {}

  static List<Line> read(Path file) throws SettingsException {
    List<String> physical;
    try {
      physical = Files.readAllLines(file);
    } catch (IOException e) {
      throw new SettingsException(
          "cannot read the settings file "
              + file
              + ": "
              + e
              + ". Make it a properties file in UTF-8 that this user can read, or point "
              + SettingsSources.FILE
              + " elsewhere.");
    }
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < physical.size(); i++) {
      int first = i;
      StringBuilder logical = new StringBuilder(physical.get(i));
      while (!isComment(physical.get(first)) && continues(logical) && i + 1 < physical.size()) {
        logical.append('\n').append(physical.get(++i));
      }
      Properties one = new Properties();
      try {
        one.load(new StringReader(logical.toString()));
      } catch (IOException | IllegalArgumentException e) {
        throw new SettingsException(
            file
                + ":"
                + (first + 1)
                + ": not a line of a properties file: "
                + e.getMessage()
                + ". Write NAME=VALUE, and two backslashes where one is meant.");
      }
      for (String name : one.stringPropertyNames()) {
        lines.add(new Line(name, one.getProperty(name), first + 1));
      }
    }
    return lines;
  }

  private static boolean isComment(String line) {
    String text = line.strip();
    return text.startsWith("#") || text.startsWith("!");
  }

  /** An odd number of backslashes at the end goes on in the next line. */
  private static boolean continues(CharSequence line) {
    int backslashes = 0;
    for (int i = line.length() - 1; i >= 0 && line.charAt(i) == '\\'; i--) {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}
