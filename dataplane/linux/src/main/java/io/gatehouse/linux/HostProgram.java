// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program of the host, run directly, without a shell, with a bare environment. */
final class HostProgram {
  private static final List<String> DIRECTORIES =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");
  private static final int TIME_LIMIT_SECONDS = 10;
  private static final int LONGEST_OUTPUT = 4096;

  private HostProgram() {}

  /** Where a program is; only directories that root alone can write are looked at. */
  static Optional<Path> find(String name) {
    return DIRECTORIES.stream()
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Runs a program to its end.
   *
   * @param input for its standard input
   * @throws LinuxException with what it wrote when it fails, ETIMEDOUT when it takes longer than 10
   *     s and had to be killed
   */
  static void run(String input, Path program, String... arguments) throws LinuxException {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(List.of(arguments));
    String attempt = "cannot run " + String.join(" ", words);
    FileDescriptor memory = makeMemory();
    try {
      // A file, since nobody has to read it while the program, or what it leaves behind, writes;
      // in memory, so that it goes with us, whatever ends us.
      Path output = Path.of("/proc/self/fd", Integer.toString(memory.get()));
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      Map<String, String> environment = builder.environment();
      environment.clear();
      environment.put("PATH", String.join(":", DIRECTORIES));
      environment.put("LC_ALL", "C");
      Process process = builder.start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It did not want to read; its exit status tells.
      }
      if (!process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new LinuxException(Errno.ETIMEDOUT, attempt, "it was stopped after 10 s");
      }
      if (process.exitValue() != 0) {
        String said = said(output);
        throw new LinuxException(Errno.EIO, attempt, "exit status " + process.exitValue() + said);
      }
    } catch (LinuxException e) {
      throw e;
    } catch (IOException e) {
      throw new LinuxException(Errno.EIO, attempt, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LinuxException(Errno.EINTR, attempt, "");
    } finally {
      memory.close();
    }
  }

  private static String said(Path output) throws IOException {
    try (InputStream stream = Files.newInputStream(output)) {
      String text = new String(stream.readNBytes(LONGEST_OUTPUT), StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? "" : ": " + text.replaceAll("\\p{Cntrl}+", "; ");
    }
  }

  private static FileDescriptor makeMemory() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          LibC.memfd_create(arena.allocateFrom("gatehouse-output").address(), LibC.MFD_CLOEXEC);
      if (fd < 0) {
        throw LinuxException.last("cannot make a file in memory");
      }
      return new FileDescriptor(fd);
    }
  }
}
