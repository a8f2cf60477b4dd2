// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, and how long they stay; the clock is the test's. */
class AdmissionTest {
  private static final String PASSWORD = "a quiet river stone";

  @TempDir private Path directory;
  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private final FakeBrowser browser = new FakeBrowser("192.0.2.7");
  private Audit audit;
  private Accounts accounts;
  private Sessions sessions;
  private Admission admission;

  @BeforeEach
  void start() throws Exception {
    audit = new Audit(directory.resolve("audit.log"), 1 << 20);
    accounts = new Accounts(directory, new FastHash(), audit, () -> now);
    accounts.open();
    accounts.isSetupOpen();
    String code = Files.readString(directory.resolve("setup-code"));
    As.stranger(() -> accounts.claim(code, "admin", PASSWORD));
    sessions = new Sessions(() -> now);
    admission = new Admission(accounts, sessions, audit, () -> now);
  }

  @Test
  void theRightPasswordBeginsASessionOfAnotherName() {
    assertThat(logIn(browser, "admin", PASSWORD)).isInstanceOf(Admission.Outcome.In.class);
    assertThat(browser.renamed()).as("a session planted before is worthless").isEqualTo(1);
    assertThat(sessions.of(browser.request())).map(Sessions.Login::user).contains("admin");
    assertThat(lastNote().user()).isEqualTo("admin");
    assertThat(lastNote().result()).isEqualTo(AuditEntry.Result.DONE);
  }

  @Test
  void theWrongPasswordIsNotedAndSlowedDown() {
    for (int i = 0; i < Throttle.FREE_TRIES; i++) {
      assertThat(logIn(browser, "admin", "wrong")).isInstanceOf(Admission.Outcome.Denied.class);
    }
    assertThat(lastNote().object()).isEqualTo("admin");
    assertThat(lastNote().result()).isEqualTo(AuditEntry.Result.REFUSED);
    assertThat(logIn(browser, "admin", PASSWORD)).isInstanceOf(Admission.Outcome.Wait.class);
    assertThat(logIn(new FakeBrowser("127.0.0.1"), "admin", PASSWORD))
        .as("on the machine itself")
        .isInstanceOf(Admission.Outcome.In.class);
  }

  @Test
  void namesThatNobodyHasDoNotPushTheRestOutOfTheAudit() {
    for (int i = 0; i < 1000; i++) {
      logIn(browser, "stranger" + i, "wrong");
    }
    assertThat(audit.newest(entry -> entry.action().equals("login"), 0, 2000))
        .hasSizeLessThan(10)
        .extracting(AuditEntry::object)
        .containsOnly("");
  }

  @Test
  void aSecondFactorIsShownWithinFiveMinutesAndSlowedDownAsWell() throws Exception {
    byte[] secret = OwnAccount.makeSecret();
    accounts.factors().set("admin", secret, 0, SecondFactors.makeRecoveryCodes());
    assertThat(logIn(browser, "admin", PASSWORD)).isInstanceOf(Admission.Outcome.Halfway.class);
    assertThat(sessions.of(browser.request())).isEmpty();
    now = now.plus(Duration.ofMinutes(5));
    assertThat(admission.isHalfway(browser.request())).isFalse();
    assertThat(confirm(Totp.password(secret, Totp.step(now))))
        .isInstanceOf(Admission.Outcome.Denied.class);
    logIn(browser, "admin", PASSWORD);
    assertThat(confirm("000000")).isInstanceOf(Admission.Outcome.Denied.class);
    assertThat(lastNote().detail()).isEqualTo("wrong second factor");
    assertThat(confirm(Totp.password(secret, Totp.step(now))))
        .isInstanceOf(Admission.Outcome.In.class);
    assertThat(sessions.of(browser.request())).isPresent();
    for (int i = 0; i < Throttle.FREE_TRIES; i++) {
      logIn(browser, "admin", PASSWORD);
    }
    assertThat(confirm("000000")).isInstanceOf(Admission.Outcome.Wait.class);
  }

  @Test
  void aSessionEndsAfterHalfAnHourWithoutARequest() {
    logIn(browser, "admin", PASSWORD);
    for (int i = 0; i < 5; i++) {
      now = now.plus(Sessions.IDLE).minusSeconds(1);
      assertThat(sessions.of(browser.request())).isPresent();
    }
    now = now.plus(Sessions.IDLE);
    assertThat(sessions.of(browser.request())).isEmpty();
    assertThat(sessions.all(login -> true)).isEmpty();
  }

  @Test
  void aSessionEndsAfterTwelveHoursHoweverBusyItIs() {
    logIn(browser, "admin", PASSWORD);
    Instant end = now.plus(Sessions.LONGEST);
    while (now.plusSeconds(600).isBefore(end)) {
      now = now.plusSeconds(600);
      assertThat(sessions.of(browser.request())).isPresent();
    }
    now = end;
    assertThat(sessions.of(browser.request())).isEmpty();
  }

  @Test
  void whoeverLogsOutIsOut() throws IOException {
    FakeBrowser other = new FakeBrowser("192.0.2.8");
    logIn(browser, "admin", PASSWORD);
    logIn(other, "admin", PASSWORD);
    As.user(
        "admin",
        Role.ADMIN,
        () -> {
          admission.logOut(browser.request());
          return true;
        });
    assertThat(browser.isEnded()).isTrue();
    assertThat(sessions.of(browser.request())).isEmpty();
    assertThat(sessions.of(other.request())).isPresent();
    assertThat(Files.readString(directory.resolve("audit.log"))).doesNotContain(PASSWORD);
  }

  private AuditEntry lastNote() {
    return audit.newest(entry -> entry.action().equals("login"), 0, 1).getFirst();
  }

  private Admission.Outcome logIn(FakeBrowser from, String name, String password) {
    return As.stranger(() -> admission.logIn(from.request(), name, password));
  }

  private Admission.Outcome confirm(String code) {
    return As.stranger(() -> admission.confirm(browser.request(), code));
  }
}
