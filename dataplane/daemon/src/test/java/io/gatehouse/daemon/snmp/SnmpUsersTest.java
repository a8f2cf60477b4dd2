// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnmpUsersTest {
  private static final String AUTH = "correct horse battery";
  private static final String PRIV = "staple of the engine";

  private static final String OTHER_AUTH = "another long phrase";
  private static final String OTHER_PRIV = "yet another long one";

  @TempDir Path directory;
  private Path file;
  private Engine engine;
  private final List<List<String>> told = new ArrayList<>();

  @BeforeEach
  void startEngine() throws IOException {
    file = directory.resolve("snmp.users");
    Files.writeString(
        directory.resolve("snmp.engine"), "engine 8000137005000102030405060708090a0b\nboots 1\n");
    engine = Engine.start(directory.resolve("snmp.engine"));
  }

  private SnmpUsers load() throws IOException {
    return SnmpUsers.load(file, engine, this::tell);
  }

  private void tell(Collection<SnmpUsers.User> users) {
    told.add(users.stream().map(SnmpUsers.User::name).toList());
  }

  @Test
  void usersSurviveARestart() throws IOException {
    SnmpUsers users = load();
    users.add("nagios", AUTH, PRIV);
    users.add("zabbix", OTHER_AUTH, OTHER_PRIV);

    assertThat(load().list()).containsExactly("nagios", "zabbix");
    assertThat(told)
        .containsExactly(
            List.of(), List.of("nagios"), List.of("nagios", "zabbix"), List.of("nagios", "zabbix"));
  }

  @Test
  void fileHoldsLocalisedKeysForTheOwnerAloneAndNoPassphrase() throws IOException {
    load().add("nagios", AUTH, PRIV);

    assertThat(file).content().doesNotContain(AUTH, PRIV).contains(engine.text());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory.resolve("snmp.users.new")).doesNotExist();
  }

  @Test
  void sameAddedAgainGetsNewKeys() throws IOException {
    SnmpUsers users = load();
    users.add("nagios", AUTH, PRIV);
    String before = Files.readString(file);
    users.add("nagios", OTHER_AUTH, OTHER_PRIV);

    assertThat(users.list()).containsExactly("nagios");
    assertThat(Files.readString(file)).isNotEqualTo(before);
  }

  @Test
  void removingSaysWhetherThereWasOne() throws IOException {
    SnmpUsers users = load();
    users.add("nagios", AUTH, PRIV);

    assertThat(users.remove("nobody")).isFalse();
    assertThat(users.remove("nagios")).isTrue();
    assertThat(users.list()).isEmpty();
    assertThat(load().list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "two words", "line\nbreak", "-x", "ä", "x23456789012345678901234567890123"})
  void oddNamesAreRefused(String name) throws IOException {
    SnmpUsers users = load();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> users.add(name, AUTH, PRIV))
        .withMessageContaining(name);
    assertThat(file).doesNotExist();
  }

  @Test
  void weakPassphrasesAreRefusedWithoutBeingRepeated() throws IOException {
    SnmpUsers users = load();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> users.add("nagios", "elevenchars", PRIV))
        .withMessageContaining("authentication")
        .withMessageContaining("12")
        .withMessageNotContaining("elevenchars");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> users.add("nagios", AUTH, "elevenchars"))
        .withMessageContaining("privacy");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> users.add("nagios", AUTH, AUTH))
        .withMessageContaining("same");
    assertThat(users.list()).isEmpty();
  }

  @Test
  void userThatCannotBePutToWorkIsNotKept() throws IOException {
    SnmpUsers users =
        SnmpUsers.load(
            file,
            engine,
            now -> {
              if (!now.isEmpty()) {
                throw new IOException("port taken");
              }
            });

    assertThatThrownBy(() -> users.add("nagios", AUTH, PRIV)).hasMessage("port taken");
    assertThat(users.list()).isEmpty();
    assertThat(load().list()).isEmpty();
  }

  @Test
  void keysOfAnotherEngineAreRefused() throws IOException {
    load().add("nagios", AUTH, PRIV);
    Engine other = Engine.start(directory.resolve("other"));

    assertThatThrownBy(() -> SnmpUsers.load(file, other, this::tell))
        .hasMessageContaining(file + ":3")
        .hasMessageContaining(engine.text())
        .hasMessageContaining("add the SNMP users again");
  }

  @Test
  void cutFileIsRefusedWhereverItIsCut() throws IOException {
    load().add("nagios", AUTH, PRIV);
    String text = Files.readString(file);

    for (int length = 0; length < text.length() - 1; length++) {
      Files.writeString(file, text.substring(0, length));
      assertThatThrownBy(this::load)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("remove the file");
    }
  }

  @Test
  void brokenKeyIsNamedByLineButNotShown() throws IOException {
    SnmpUsers users = load();
    users.add("nagios", AUTH, PRIV);
    String text = Files.readString(file);
    String key =
        text.lines().filter(l -> l.startsWith("user ")).findFirst().orElseThrow().split(" ", -1)[3];
    Files.writeString(file, text.replace(key, key.substring(1) + "x"));

    assertThatThrownBy(this::load)
        .hasMessageContaining(file + ":4")
        .hasMessageNotContaining(key.substring(1));
  }
}
