// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * However a file comes into the directory, it is applied once and whole; a running tunnel keeps its
 * interface through all of it, which its index tells.
 */
class ArrivalIT extends DroppedFiles {
  /** Some looks at the directory long. */
  private static final Duration MANY_LOOKS = Duration.ofMillis(600);

  @Test
  void aFileThatIsWrittenSlowlyIsTakenWhenItIsWhole() throws IOException {
    gatehouse.drop("wg0.conf", file(51821));
    eventually("wg0 is up", () -> listensOn("wg0", 51821), gatehouse.daemon()::log);
    int index = ifIndex("wg0");
    String next = file(51831);
    // Cut within a key, so that no half is a file of its own.
    int half = next.indexOf("fE/w") + 20;

    write("wg0.conf", next.substring(0, half));
    pause(MANY_LOOKS);
    assertThat(listensOn("wg0", 51821)).as("the last good state goes on").isTrue();
    append("wg0.conf", next.substring(half));

    eventually("the rest is taken", () -> listensOn("wg0", 51831), gatehouse.daemon()::log);
    assertThat(ifIndex("wg0")).isEqualTo(index);
  }

  @Test
  void copiesMovesAndEditorsAllWork() throws IOException {
    Path elsewhere = lab.gateway.home().resolve("elsewhere.conf");
    Files.writeString(elsewhere, file(51821));
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rw-------"));
    lab.gateway.run("cp", "-p", elsewhere.toString(), path("wg0.conf").toString());
    eventually("a copy is taken", () -> listensOn("wg0", 51821), gatehouse.daemon()::log);
    int index = ifIndex("wg0");

    lab.gateway.run("sed", "-i", "s/51821/51831/", path("wg0.conf").toString());
    eventually("an edit is taken", () -> listensOn("wg0", 51831), gatehouse.daemon()::log);

    Files.writeString(elsewhere, file(51841));
    lab.gateway.run("mv", elsewhere.toString(), path("wg0.conf").toString());
    eventually("a move is taken", () -> listensOn("wg0", 51841), gatehouse.daemon()::log);

    lab.gateway.run("touch", path("wg0.conf").toString());
    pause(MANY_LOOKS);
    assertThat(ifIndex("wg0")).as("still the first interface").isEqualTo(index);
  }

  @Test
  void aGitWorkTreeChangesAsItsBranchesDo() throws IOException {
    git("init", "-q", "-b", "one");
    write("wg0.conf", file(51821));
    write("wg1.conf", file(1, 51822));
    git("add", ".");
    git("commit", "-q", "-m", "one");
    eventually(
        "both are up",
        () -> listensOn("wg0", 51821) && listensOn("wg1", 51822),
        gatehouse.daemon()::log);
    int index = ifIndex("wg0");
    git("switch", "-q", "-c", "two");
    write("wg0.conf", file(51831));
    Files.delete(path("wg1.conf"));
    git("commit", "-q", "-a", "-m", "two");
    eventually("wg1 is gone", () -> !lab.gateway.hasLink("wg1"), gatehouse.daemon()::log);
    eventually("wg0 moved", () -> listensOn("wg0", 51831), gatehouse.daemon()::log);

    git("switch", "-q", "one");

    eventually(
        "both are as they were",
        () -> listensOn("wg0", 51821) && listensOn("wg1", 51822),
        gatehouse.daemon()::log);
    assertThat(ifIndex("wg0")).isEqualTo(index);
    git("switch", "-q", "two");
    eventually(
        "and as on the other branch",
        () -> listensOn("wg0", 51831) && !lab.gateway.hasLink("wg1"),
        gatehouse.daemon()::log);
  }

  /** As the kubelet mounts a ConfigMap: files are links into a folder that is exchanged. */
  @Test
  void exchangedFoldersBehindLinksAreSeen() throws IOException {
    version("..one", file(51821));
    Files.createSymbolicLink(path("..data"), Path.of("..one"));
    Files.createSymbolicLink(path("wg0.conf"), Path.of("..data", "wg0.conf"));
    eventually("wg0 is up", () -> listensOn("wg0", 51821), gatehouse.daemon()::log);
    int index = ifIndex("wg0");

    version("..two", file(51831));
    Files.createSymbolicLink(path("..data_tmp"), Path.of("..two"));
    Files.move(path("..data_tmp"), path("..data"), StandardCopyOption.ATOMIC_MOVE);

    eventually("the other folder counts", () -> listensOn("wg0", 51831), gatehouse.daemon()::log);
    assertThat(ifIndex("wg0")).isEqualTo(index);

    version("..three", file(51831));
    Files.createSymbolicLink(path("..data_tmp"), Path.of("..three"));
    Files.move(path("..data_tmp"), path("..data"), StandardCopyOption.ATOMIC_MOVE);
    pause(MANY_LOOKS);
    assertThat(ifIndex("wg0")).as("the same text changes nothing").isEqualTo(index);
  }

  @Test
  void manyAtOnceAreAllTakenAndABadOneAmongThemHoldsUpNobody() throws IOException {
    int many = 120;
    for (int i = 0; i < many; i++) {
      write("t" + i + ".conf", file(i, 52000 + i));
    }
    write("bad.conf", file(53000).replace("51822", "518222"));

    eventually(
        "all are up",
        () -> lab.gateway.run("wg", "show", "interfaces").split("\\s+", -1).length - 1 == many,
        gatehouse.daemon()::log);
    eventually(
        "the bad one is said",
        () -> gatehouse.daemon().log().contains("bad.conf:11"),
        gatehouse.daemon()::log);
    assertThat(lab.gateway.hasLink("bad")).isFalse();

    for (int i = 0; i < many; i++) {
      Files.delete(path("t" + i + ".conf"));
    }
    eventually(
        "all are gone",
        () -> lab.gateway.run("wg", "show", "interfaces").isBlank(),
        gatehouse.daemon()::log);
  }

  @Test
  void whatCannotBeATunnelIsSaidAndTheNextGoodFileOfThatNameIsTaken() throws IOException {
    lab.gateway.run("mkfifo", path("wg0.conf").toString());
    Files.createSymbolicLink(path("wg1.conf"), Path.of("nowhere"));
    Files.createSymbolicLink(path("wg2.conf"), Path.of("/dev/zero"));
    Files.createSymbolicLink(path("wg3.conf"), Path.of("wg3.conf"));
    Files.write(path("wg4.conf"), new byte[] {0x7f, 'E', 'L', 'F', 0, (byte) 0xff, 10, 0});
    Files.writeString(path("wg5.conf"), file(51825));
    Files.setPosixFilePermissions(path("wg5.conf"), PosixFilePermissions.fromString("rw-rw-rw-"));
    for (int i : List.of(0, 2, 3, 4, 5)) {
      String name = "wg" + i + ".conf";
      eventually(
          name + " is said",
          () -> gatehouse.daemon().log().contains(name),
          gatehouse.daemon()::log);
      assertThat(lab.gateway.hasLink("wg" + i)).isFalse();
    }

    for (int i = 0; i < 6; i++) {
      Files.delete(path("wg" + i + ".conf"));
      write("wg" + i + ".conf", file(i, 51860 + i));
    }

    for (int i = 0; i < 6; i++) {
      int number = i;
      eventually(
          "wg" + i + " is up",
          () -> listensOn("wg" + number, 51860 + number),
          gatehouse.daemon()::log);
    }
  }

  private void version(String folder, String text) throws IOException {
    Files.createDirectory(path(folder));
    write(folder + "/wg0.conf", text);
  }

  private void git(String... words) {
    List<String> all = new ArrayList<>(List.of("git", "-C", gatehouse.tunnels().toString()));
    all.addAll(List.of("-c", "user.name=admin", "-c", "user.email=admin@gateway.example"));
    all.addAll(List.of(words));
    lab.gateway.run(all.toArray(String[]::new));
  }

  private static String file(int port) throws IOException {
    return file(0, port);
  }

  /** One of several tunnels, which differ in address and allowed IPs. */
  private static String file(int number, int port) throws IOException {
    return Example.file()
        .replace("51821", Integer.toString(port))
        .replace("10.0.0.1/32", "10.0.0." + (1 + number) + "/32")
        .replace("192.168.200.0", "192.168." + number + ".0");
  }

  private Path path(String name) {
    return gatehouse.tunnels().resolve(name);
  }

  /** In place, as an editor without a temporary file does. */
  private void write(String name, String text) throws IOException {
    if (!Files.exists(path(name), LinkOption.NOFOLLOW_LINKS)) {
      Files.createFile(
          path(name),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(path(name), text, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private void append(String name, String text) throws IOException {
    Files.writeString(path(name), text, StandardOpenOption.APPEND);
  }

  private boolean listensOn(String tunnel, int port) {
    Command answer = lab.gateway.tryRun("wg", "show", tunnel, "listen-port");
    return answer.exitCode() == 0 && answer.output().strip().equals(Integer.toString(port));
  }
}
