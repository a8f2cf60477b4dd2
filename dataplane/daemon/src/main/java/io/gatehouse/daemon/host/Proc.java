// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Files of proc(5). */
public final class Proc {
  private static final Path ROOT = Path.of("/proc");

  private Proc() {}

  /**
   * The lines of a file, none if it cannot be read.
   *
   * @param file below {@code /proc}
   */
  public static List<String> lines(String file) {
    return lines(ROOT.resolve(file));
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The words of each line of a table but for its head. */
  static List<String[]> table(String file) {
    return lines(file).stream().skip(1).map(line -> line.strip().split("\\s+", -1)).toList();
  }

  /**
   * Which processes have sockets.
   *
   * @param inodes of the sockets
   * @param programs which processes to look at, by the name of their program
   * @return the program's name, by inode
   */
  static Map<String, String> holders(Set<String> inodes, Predicate<String> programs) {
    Map<String, String> found = new HashMap<>();
    if (inodes.isEmpty()) {
      return found;
    }
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      String of = Long.toString(process.pid());
      String program = String.join("", lines(of + "/comm"));
      if (programs.test(program)) {
        sockets(of).stream().filter(inodes::contains).forEach(inode -> found.put(inode, program));
      }
    }
    return found;
  }

  /** The inodes of a process's sockets; {@code self} is this one. */
  static List<String> sockets(String process) {
    List<String> inodes = new ArrayList<>();
    try (DirectoryStream<Path> descriptors =
        Files.newDirectoryStream(ROOT.resolve(process).resolve("fd"))) {
      for (Path descriptor : descriptors) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(target.substring("socket:[".length(), target.length() - 1));
          }
        } catch (IOException e) {
          // It has just been closed.
        }
      }
    } catch (IOException e) {
      // It has ended, or is another user's.
    }
    return inodes;
  }
}
