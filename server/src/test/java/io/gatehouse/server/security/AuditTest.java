// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
  @TempDir private Path directory;
  private Path file;
  private Audit audit;
  private Guard guard;

  @BeforeEach
  void open() {
    file = directory.resolve("audit.log");
    audit = new Audit(file, 1 << 20);
    guard = new Guard(audit);
  }

  @Test
  void saysWhoDidWhatToWhatFromWhereAndWhatCameOfIt() throws Exception {
    As.user(
        "erika",
        Role.OPERATOR,
        () ->
            guard.<Boolean, RuntimeException>change(
                Action.EDIT_PEERS,
                "peer.add",
                "wg0 Lisbon",
                difference -> {
                  difference.append("+allowedIps: 10.0.0.2/32");
                  return true;
                }));
    AuditEntry entry = newest();
    assertThat(entry.user()).isEqualTo("erika");
    assertThat(entry.role()).isEqualTo("operator");
    assertThat(entry.way()).isEqualTo("session");
    assertThat(entry.address()).isEqualTo("192.0.2.7");
    assertThat(entry.action()).isEqualTo("peer.add");
    assertThat(entry.object()).isEqualTo("wg0 Lisbon");
    assertThat(entry.difference()).isEqualTo("+allowedIps: 10.0.0.2/32");
    assertThat(entry.result()).isEqualTo(AuditEntry.Result.DONE);
    assertThat(Files.readAllLines(file)).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void saysWhatWasRefusedAndWhatWasForbidden() {
    As.user(
        "erika",
        Role.OPERATOR,
        () ->
            assertThatThrownBy(
                    () ->
                        guard.<Boolean, IOException>change(
                            Action.EDIT_PEERS,
                            "peer.add",
                            "wg0",
                            difference -> {
                              throw new IOException("the data plane is away");
                            }))
                .isInstanceOf(IOException.class));
    assertThat(newest().result()).isEqualTo(AuditEntry.Result.REFUSED);
    assertThat(newest().detail()).isEqualTo("the data plane is away");
    As.user(
        "erika",
        Role.OPERATOR,
        () ->
            assertThatThrownBy(() -> guard.change(Action.EDIT_FILES, "file.write", "", d -> true))
                .isInstanceOf(Forbidden.class));
    assertThat(newest().result()).isEqualTo(AuditEntry.Result.FORBIDDEN);
    assertThat(newest().detail()).contains("admin");
  }

  @Test
  void masksKeysThatStandInADifference() {
    String key = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    audit.write(
        entry("x")
            .with("+PrivateKey = " + key + "\n+ presharedkey=" + key + "\n PublicKey = " + key));
    assertThat(newest().difference())
        .isEqualTo("+PrivateKey = (hidden)\n+ presharedkey=(hidden)\n PublicKey = " + key);
  }

  @Test
  void cannotBeForgedByALineEndInAName() throws IOException {
    audit.write(entry("peer\n{\"user\":\"somebody else\"}"));
    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  @Test
  void goesOnBehindATornLine() throws IOException {
    audit.write(entry("one"));
    audit.close();
    Files.writeString(file, "{\"time\":\"2026-11-", StandardOpenOption.APPEND);
    audit.write(entry("two"));
    audit.write(entry("three"));
    assertThat(objects()).containsExactly("three", "two", "one");
  }

  @Test
  void isBoundedAndForgetsTheOldestOnly() throws IOException {
    Audit small = new Audit(file, 1000);
    IntStream.range(0, 200).forEach(number -> small.write(entry("number " + number)));
    List<String> kept =
        small.newest(entry -> true, 0, 1000).stream().map(AuditEntry::object).toList();
    assertThat(kept).hasSizeLessThan(200).startsWith("number 199", "number 198");
    assertThat(kept)
        .isEqualTo(
            IntStream.range(0, kept.size()).mapToObj(back -> "number " + (199 - back)).toList());
    assertThat(directory.toFile().list()).hasSize(Audit.KEPT + 1);
    List<String> forward = new ArrayList<>();
    small.oldest(entry -> true, entry -> forward.add(entry.object()));
    assertThat(forward.reversed()).isEqualTo(kept);
  }

  @Test
  void isFilteredAndPaged() {
    IntStream.range(0, 10).forEach(number -> audit.write(entry("number " + number)));
    assertThat(audit.newest(entry -> !entry.object().equals("number 8"), 1, 2))
        .extracting(AuditEntry::object)
        .containsExactly("number 7", "number 6");
  }

  @Test
  void nothingIsDoneThatCannotBeWrittenDown() throws IOException {
    Files.createDirectory(file);
    As.user(
        "erika",
        Role.ADMIN,
        () ->
            assertThatThrownBy(
                    () ->
                        guard.change(
                            Action.EDIT_FILES,
                            "file.write",
                            "",
                            d -> {
                              throw new AssertionError("was done all the same");
                            }))
                .hasMessageContaining("cannot write to " + file));
  }

  private List<String> objects() {
    return audit.newest(entry -> true, 0, 10).stream().map(AuditEntry::object).toList();
  }

  private AuditEntry newest() {
    return audit.newest(entry -> true, 0, 1).getFirst();
  }

  private static AuditEntry entry(String object) {
    return AuditEntry.of(
        new Caller("erika", Optional.of(Role.ADMIN), "192.0.2.7", Caller.Way.TOKEN), "x", object);
  }
}
