// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.PlanQuestion;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.control.PlannedFile;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code gatehouse plan}: what would be done to the tunnels. */
final class PlanCommand {
  private PlanCommand() {}

  /**
   * Prints the plan.
   *
   * @param words files and directories of files that are to be thought of as put into the tunnel
   *     directory; none for what is there
   */
  static int run(Commands commands, List<String> words, boolean json) throws Exception {
    PlanQuestion question = new PlanQuestion(files(words));
    if (!words.isEmpty() && question.files().isEmpty()) {
      throw new Failure(
          "gatehouse: there is no file NAME.conf in " + String.join(", ", words),
          "Give files, or a directory that has some.");
    }
    try (ControlClient client = commands.dataPlane()) {
      PlanStatus plan = client.plan(question);
      PrintStream out = commands.streams().out();
      if (json) {
        out.println(RecordCodec.write(plan));
      } else {
        out.print(plan.text());
      }
    }
    return 0;
  }

  private static List<PlannedFile> files(List<String> words) throws IOException, Failure {
    SortedMap<String, Path> paths = new TreeMap<>();
    for (String word : words) {
      Path path = Path.of(word);
      for (Path file : Files.isDirectory(path) ? confsOf(path) : List.of(path)) {
        Path other = paths.putIfAbsent(file.getFileName().toString(), file);
        if (other != null && !Files.isSameFile(other, file)) {
          throw new Failure(
              "gatehouse: " + other + " and " + file + " would be the same file",
              "Give one of them.");
        }
      }
    }
    List<PlannedFile> files = new ArrayList<>();
    for (Path path : paths.values()) {
      try (InputStream stream = Files.newInputStream(path)) {
        // One octet more than allowed, so that the reader sees that it is too large.
        byte[] octets = stream.readNBytes(WgQuickFile.LARGEST + 1);
        files.add(
            new PlannedFile(
                path.getFileName().toString(), new String(octets, StandardCharsets.UTF_8)));
      }
    }
    return files;
  }

  private static List<Path> confsOf(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(directory, "[!.]*" + InterfaceName.SUFFIX)) {
      found.forEach(files::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files;
  }
}
