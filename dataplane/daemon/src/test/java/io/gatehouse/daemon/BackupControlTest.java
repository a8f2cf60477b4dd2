// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.BackupMade;
import io.gatehouse.control.BackupPart;
import io.gatehouse.control.BackupRead;
import io.gatehouse.control.BackupRequest;
import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.ConsoleFile;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Passphrase;
import io.gatehouse.control.RestorePart;
import io.gatehouse.control.RestorePreview;
import io.gatehouse.control.RestoreQuestion;
import io.gatehouse.control.RestoreReceived;
import io.gatehouse.daemon.backup.CheapRecipient;
import io.gatehouse.daemon.backup.GatewayBackup;
import io.gatehouse.daemon.backup.GatewayBackup.Directories;
import io.gatehouse.daemon.control.Caller;
import io.gatehouse.daemon.tunnels.MadeUpTunnels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that go and come over the control socket. */
class BackupControlTest {
  private static final String RIGHT = "correct horse battery";
  private static final String PRIVATE = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
  private static final String FILE = "[Interface]\nPrivateKey = " + PRIVATE + "\n";
  private static final ChangeOrigin WHY = new ChangeOrigin(ChangeSource.CONSOLE, "alice", "");
  private static final Caller CONSOLE = new Caller("gatehouse", false, false);

  @TempDir private Path state;
  private final List<Runnable> later = new ArrayList<>();
  private MadeUpTunnels tunnels;
  private BackupControl control;
  private int begun;

  @BeforeEach
  void start() throws IOException {
    tunnels = new MadeUpTunnels(state);
    control = Backups.of(state, tunnels.tunnels(), () -> begun++, later::add);
    put("etc/gatehouse.properties", "gatehouse.hooks=true\n");
    put("snmp.users", "of then");
    put("exports.log", "of then");
    put("console/users", "not to be looked at");
    tunnels.drop("wg0.conf", FILE);
  }

  @AfterEach
  void stop() {
    tunnels.close();
  }

  @Test
  void withoutAPassphraseThereIsNoBackupAndItIsSaidHowToSetOne() {
    refuses(() -> control.make(nothing(), CONSOLE, WHY), "NO-BACKUP-PASSPHRASE");
  }

  @Test
  void whatGoesOutCanBeReadByThePassphraseAlone() throws Exception {
    CheapRecipient.keep(state, RIGHT);

    byte[] backup = make();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept())))
        .isEqualTo("rw-------");
    for (byte[] file : List.of(backup, Files.readAllBytes(kept()))) {
      assertThat(new String(file, ISO_8859_1))
          .doesNotContain("PrivateKey", PRIVATE, "wg0", "admin", RIGHT)
          .doesNotContain(new String(Base64.getDecoder().decode(PRIVATE), ISO_8859_1));
    }
    Path elsewhere = Files.createDirectory(state.resolve("elsewhere"));
    Path file = Files.write(elsewhere.resolve("backup"), backup);
    GatewayBackup machine = machine(elsewhere);
    assertThatThrownBy(() -> machine.stage(file, passphrase("wrong horse battery"), false))
        .hasMessageContaining("the passphrase is not the one");
    machine.stage(file, passphrase(RIGHT), false);
    GatewayBackup.finish(elsewhere.resolve("state"), Backups.NOW);
    assertThat(elsewhere.resolve("tunnels/wg0.conf")).hasContent(FILE.strip());
    assertThat(elsewhere.resolve("etc/gatehouse.properties")).hasContent("gatehouse.hooks=true");
    assertThat(elsewhere.resolve("state/snmp.users")).hasContent("of then");
    assertThat(elsewhere.resolve("state/console/users")).hasContent("admin");
    assertThat(elsewhere.resolve("state/backup-recipient")).exists();
    assertThat(elsewhere.resolve("state/backups")).doesNotExist();
  }

  @Test
  void aConsoleHandsOverFilesByNamesOfItsOwnAlone() {
    for (String name : List.of("../users", "a/b", "", ".restore-x", "Users")) {
      invalid(
          () ->
              control.make(
                  new BackupRequest(List.of(new ConsoleFile(name, "")), Optional.empty()),
                  CONSOLE,
                  WHY));
    }
    ConsoleFile twice = new ConsoleFile("users", "YWRtaW4=");
    invalid(
        () ->
            control.make(new BackupRequest(List.of(twice, twice), Optional.empty()), CONSOLE, WHY));
    invalid(
        () ->
            control.make(
                new BackupRequest(List.of(new ConsoleFile("users", "?")), Optional.empty()),
                CONSOLE,
                WHY));
  }

  @Test
  void aBackupIsThereUntilItsTimeIsOver() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    BackupMade made = control.make(nothing(), CONSOLE, WHY);
    assertThat(control.read(new BackupRead(made.id(), made.size())).octets()).isEmpty();

    later.forEach(Runnable::run);

    refuses(() -> control.read(new BackupRead(made.id(), 0)), "NO-SUCH-BACKUP");
    assertThat(state.resolve("backups")).isEmptyDirectory();
  }

  @Test
  void lookingSaysWhatWouldChangeAndChangesNothing() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    byte[] backup = make();
    tunnels.drop("wg0.conf", FILE + "ListenPort = 51820\n");
    tunnels.drop("wg1.conf", FILE);
    Map<String, String> before = content();

    RestorePreview preview = look(send(backup), RIGHT);

    assertThat(preview.made()).isEqualTo(Backups.NOW.getEpochSecond());
    assertThat(preview.version()).isEqualTo("1.0");
    assertThat(preview.files())
        .extracting(file -> file.name() + " " + file.change())
        .containsExactly("wg0.conf CHANGED", "wg1.conf REMOVED");
    assertThat(preview.left()).contains("settings", "console", "state/exports.log");
    assertThat(content()).isEqualTo(before);
    assertThat(preview.toString()).doesNotContain(PRIVATE);
    later.forEach(Runnable::run);
    assertThat(state.resolve("tunnels/.restore-tunnels")).doesNotExist();
  }

  @Test
  void whatIsRestoredTakesItsPlaceAtTheNewBeginning() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    byte[] backup = make();
    tunnels.drop("wg0.conf", FILE + "ListenPort = 51820\n");
    tunnels.drop("wg1.conf", FILE);
    put("etc/gatehouse.properties", "gatehouse.hooks=false\n");
    put("snmp.users", "of now");
    put("exports.log", "of now");
    put("console/users", "of now");
    Files.delete(state.resolve("backup-recipient"));
    RestoreReceived sent = send(backup);
    refuses(() -> control.apply(sent.id(), WHY), "NOT-LOOKED-AT");
    look(sent, RIGHT);

    assertThat(control.apply(sent.id(), WHY).made()).isEqualTo(Backups.NOW.getEpochSecond());
    assertThat(begun).isEqualTo(1);
    tunnels.close();
    GatewayBackup.finish(state, Backups.NOW);

    assertThat(state.resolve("tunnels/wg0.conf")).hasContent(FILE.strip());
    assertThat(state.resolve("tunnels/wg1.conf")).doesNotExist();
    assertThat(state.resolve("snmp.users")).hasContent("of then");
    assertThat(state.resolve("exports.log")).hasContent("of now");
    assertThat(state.resolve("console/users")).hasContent("of now");
    assertThat(state.resolve("etc/gatehouse.properties")).hasContent("gatehouse.hooks=false");
    assertThat(state.resolve("backup-recipient")).doesNotExist();
    assertThat(state.resolve("tunnels/.replaced-tunnels-20261128T120000Z/old/wg1.conf")).exists();
  }

  @Test
  void aSealedPassphraseIsAsGoodAndMeansNothingElsewhere() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    byte[] backup = make();
    RestoreReceived first = send(backup);
    String sealed = seal(first.publicKey(), RIGHT);

    assertThat(control.look(new RestoreQuestion(first.id(), Optional.empty(), Optional.of(sealed))))
        .isNotNull();

    RestoreReceived second = send(backup);
    for (String other : List.of(sealed, "", "AAAA", "?", "A".repeat(44))) {
      refuses(
          () ->
              control.look(new RestoreQuestion(second.id(), Optional.empty(), Optional.of(other))),
          "BACKUP-REFUSED");
    }
  }

  @Test
  void aWrongPassphraseADamagedAndACutFileChangeNothing() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    byte[] backup = make();
    byte[] damaged = backup.clone();
    damaged[damaged.length / 2] ^= 1;
    byte[] strange = "This is a letter.".repeat(10).getBytes(UTF_8);
    Map<String, String> before = content();

    RestoreReceived good = send(backup);
    refuses(() -> look(good, "wrong horse battery"), "BACKUP-REFUSED");
    for (byte[] bad : List.of(damaged, Arrays.copyOf(backup, backup.length - 1), strange)) {
      RestoreReceived sent = send(bad);
      refuses(() -> look(sent, RIGHT), "BACKUP-REFUSED");
      refuses(() -> control.apply(sent.id(), WHY), "NOT-LOOKED-AT");
    }

    assertThat(content()).isEqualTo(before);
    assertThat(begun).isZero();
  }

  @Test
  void noLineThatIsRunComesOverTheSocket() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    put("tunnels/wg7.conf", FILE + "PostUp = touch /tmp/x\n");
    byte[] backup = make();
    Files.delete(state.resolve("tunnels/wg7.conf"));
    RestoreReceived sent = send(backup);
    look(sent, RIGHT);

    refuses(() -> control.apply(sent.id(), WHY), "HOOKS-CHANGED");

    assertThat(begun).isZero();
    assertThat(GatewayBackup.waits(state)).isFalse();
  }

  @Test
  void noLinkComesOverTheSocket() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    Path link = state.resolve("tunnels/wg7.conf");
    Files.createSymbolicLink(link, Path.of("/etc/shadow"));
    byte[] backup = make();
    Files.delete(link);
    RestoreReceived sent = send(backup);

    refuses(() -> look(sent, RIGHT), "BACKUP-REFUSED");
  }

  @Test
  void nothingIsRestoredWhileACommitWaits() throws Exception {
    CheapRecipient.keep(state, RIGHT);
    byte[] backup = make();
    RestoreReceived sent = send(backup);
    look(sent, RIGHT);
    tunnels.tunnels().beginCommit(Duration.ofHours(1), WHY);

    refuses(() -> control.apply(sent.id(), WHY), "COMMIT-WAITS");
  }

  @Test
  void onlyTheNewestThatWasSentIsThere() throws Exception {
    RestoreReceived first = send(new byte[10]);
    RestoreReceived second = send(new byte[10]);

    refuses(
        () -> control.send(new RestorePart(Optional.of(first.id()), "AAAA")), "NO-SUCH-RESTORE");
    assertThat(control.send(new RestorePart(Optional.of(second.id()), "AAAA")).size())
        .isEqualTo(13);
    invalid(
        () ->
            control.send(
                new RestorePart(
                    Optional.empty(),
                    Base64.getEncoder().encodeToString(new byte[BackupPart.LARGEST + 1]))));
    later.forEach(Runnable::run);
    refuses(() -> look(second, RIGHT), "NO-SUCH-RESTORE");
  }

  private static BackupRequest nothing() {
    return new BackupRequest(List.of(), Optional.empty());
  }

  /** Makes a backup with a file of the console, and fetches it. */
  private byte[] make() throws Exception {
    BackupMade made =
        control.make(
            new BackupRequest(List.of(new ConsoleFile("users", "YWRtaW4=")), Optional.empty()),
            CONSOLE,
            WHY);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < made.size()) {
      all.write(
          Base64.getDecoder().decode(control.read(new BackupRead(made.id(), all.size())).octets()));
    }
    return all.toByteArray();
  }

  private RestoreReceived send(byte[] backup) throws ControlException {
    int half = backup.length / 2;
    RestoreReceived first = control.send(part(Optional.empty(), backup, 0, half));
    return control.send(part(Optional.of(first.id()), backup, half, backup.length));
  }

  private static RestorePart part(Optional<String> id, byte[] backup, int from, int to) {
    return new RestorePart(
        id, Base64.getEncoder().encodeToString(Arrays.copyOfRange(backup, from, to)));
  }

  private RestorePreview look(RestoreReceived sent, String passphrase) throws ControlException {
    return control.look(
        new RestoreQuestion(sent.id(), Optional.of(passphrase(passphrase)), Optional.empty()));
  }

  /** As the page says, by nothing but the JDK. */
  private static String seal(String publicKey, String passphrase) throws GeneralSecurityException {
    byte[] receiver = Base64.getDecoder().decode(publicKey);
    KeyPair own = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    byte[] sender = littleEndian(((XECPublicKey) own.getPublic()).getU());
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(own.getPrivate());
    agreement.doPhase(
        KeyFactory.getInstance("X25519")
            .generatePublic(
                new XECPublicKeySpec(
                    NamedParameterSpec.X25519, new BigInteger(1, reversed(receiver)))),
        true);
    byte[] key =
        KDF.getInstance("HKDF-SHA256")
            .deriveData(
                HKDFParameterSpec.ofExtract()
                    .addIKM(agreement.generateSecret())
                    .addSalt(ByteBuffer.allocate(64).put(sender).put(receiver).array())
                    .thenExpand("Gatehouse passphrase".getBytes(UTF_8), 32));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key, "AES"),
        new GCMParameterSpec(128, new byte[12]));
    byte[] sealed = cipher.doFinal(passphrase.getBytes(UTF_8));
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(32 + sealed.length).put(sender).put(sealed).array());
  }

  private static byte[] littleEndian(BigInteger number) {
    byte[] big = number.toByteArray();
    byte[] little = new byte[32];
    for (int i = 0; i < Math.min(32, big.length); i++) {
      little[i] = big[big.length - 1 - i];
    }
    return little;
  }

  private static byte[] reversed(byte[] octets) {
    byte[] reversed = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      reversed[i] = octets[octets.length - 1 - i];
    }
    return reversed;
  }

  private interface Call {
    Object run() throws Exception;
  }

  private static void refuses(Call call, String code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ControlException.class,
            e -> assertThat(e.findings()).extracting(FindingStatus::code).containsExactly(code));
  }

  private static void invalid(Call call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ControlException.class,
            e -> assertThat(e.code()).isEqualTo(ControlException.INVALID_PARAMS));
  }

  private Path kept() throws IOException {
    try (Stream<Path> files = Files.list(state.resolve("backups"))) {
      return files.findFirst().orElseThrow();
    }
  }

  /** A machine on which nothing is yet. */
  private static GatewayBackup machine(Path home) {
    Directories directories = new Directories(home.resolve("tunnels"), home.resolve("state"));
    return new GatewayBackup(
        new GatewayBackup.Machine(
            home.resolve("etc/gatehouse.properties"),
            directories,
            Optional.of(home.resolve("state/console"))),
        "1.0",
        file -> directories);
  }

  private void put(String name, String text) throws IOException {
    Path file = state.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** The history, or that which is still being made and will soon have another name. */
  private static boolean isOfHistory(Path path) {
    return path.getFileName().toString().startsWith("history");
  }

  /**
   * What there is, but for what is on its way, and the history, which is written beside: its folder
   * is not entered, as what was listed there may be gone when it is looked at.
   */
  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    Files.walkFileTree(
        state,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.getFileName().toString().equals("backups") || isOfHistory(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (isOfHistory(file)) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = state.relativize(file).toString();
            if (attributes.isRegularFile() && !name.contains(".restore-")) {
              content.put(name, Files.readString(file, ISO_8859_1));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return content;
  }

  private static Passphrase passphrase(String text) {
    return Passphrase.of(text.toCharArray());
  }
}
