// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts from setup to removal, as files keep them; the clock is the test's. */
class UsersTest {
  private static final String PASSWORD = "a quiet river stone";

  @TempDir private Path directory;
  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private Audit audit;
  private Guard guard;
  private Accounts accounts;
  private Sessions sessions;
  private Tokens tokens;
  private Users users;
  private OwnAccount own;

  @BeforeEach
  void start() throws Exception {
    open();
    As.stranger(() -> accounts.claim(code(), "admin", PASSWORD));
  }

  /** As the server does, also again on the same files. */
  private void open() {
    audit = new Audit(directory.resolve("audit.log"), 1 << 20);
    guard = new Guard(audit);
    accounts = new Accounts(directory, new FastHash(), audit, () -> now);
    accounts.open();
    accounts.isSetupOpen();
    sessions = new Sessions(() -> now);
    tokens = new Tokens(directory, accounts, guard, () -> now);
    tokens.open();
    users = new Users(accounts, sessions, tokens, guard, () -> now);
    own = new OwnAccount(accounts, sessions, guard, () -> now);
  }

  private String code() throws IOException {
    return Files.readString(directory.resolve("setup-code")).strip();
  }

  @Test
  void whoeverIsInvitedChoosesAPasswordOnce() throws Exception {
    String code = asAdmin(() -> users.invite("erika", Role.OPERATOR));
    assertThat(accounts.verify("erika", PASSWORD)).isFalse();
    refused(AccountRefusal.Reason.WRONG_CODE, () -> claim("00000", "erika"));
    refused(AccountRefusal.Reason.WRONG_CODE, () -> claim(code, "admin"));
    refused(
        AccountRefusal.Reason.TOO_SHORT,
        () -> As.stranger(() -> accounts.claim(code, "erika", "short")));
    assertThat(claim(code.toLowerCase(Locale.ROOT), "erika").role()).isEqualTo(Role.OPERATOR);
    open();
    assertThat(accounts.verify("erika", PASSWORD)).isTrue();
    refused(AccountRefusal.Reason.WRONG_CODE, () -> claim(code, "erika"));
  }

  @Test
  void anInvitationIsGoodForAWeek() throws Exception {
    String code = asAdmin(() -> users.invite("erika", Role.VIEWER));
    now = now.plus(Users.INVITATION);
    refused(AccountRefusal.Reason.WRONG_CODE, () -> claim(code, "erika"));
    String next = asAdmin(() -> users.inviteAgain("erika"));
    assertThat(claim(next, "erika").name()).isEqualTo("erika");
  }

  @Test
  void theLastAdministratorStays() throws Exception {
    for (ThrowingCallable loss :
        List.<ThrowingCallable>of(
            () -> asAdmin(() -> done(() -> users.remove("admin"))),
            () -> asAdmin(() -> done(() -> users.disable("admin"))),
            () -> asAdmin(() -> done(() -> users.changeRole("admin", Role.OPERATOR))),
            () -> asAdmin(() -> users.inviteAgain("admin")))) {
      refused(AccountRefusal.Reason.LAST_ADMIN, loss);
    }
    // One who is only invited cannot log in yet.
    String code = asAdmin(() -> users.invite("erika", Role.ADMIN));
    refused(
        AccountRefusal.Reason.LAST_ADMIN, () -> asAdmin(() -> done(() -> users.remove("admin"))));
    claim(code, "erika");
    asAdmin(() -> done(() -> users.changeRole("admin", Role.VIEWER)));
    assertThat(accounts.find("admin")).map(User::role).contains(Role.VIEWER);
  }

  @Test
  void whoeverIsDisabledStaysOutWithTheirTokens() throws Exception {
    claim(asAdmin(() -> users.invite("erika", Role.OPERATOR)), "erika");
    Tokens.Made token =
        As.user(
            "erika",
            Role.OPERATOR,
            () -> tokens.make("backup", Role.OPERATOR, Duration.ofDays(30)));
    assertThat(tokens.recognise(token.secret(), "192.0.2.9")).isPresent();
    asAdmin(() -> done(() -> users.disable("erika")));
    open();
    assertThat(accounts.verify("erika", PASSWORD)).isFalse();
    assertThat(tokens.recognise(token.secret(), "192.0.2.9")).isEmpty();
    asAdmin(() -> done(() -> users.enable("erika")));
    assertThat(accounts.verify("erika", PASSWORD)).isTrue();
    assertThat(tokens.recognise(token.secret(), "192.0.2.9")).isPresent();
    asAdmin(() -> done(() -> users.remove("erika")));
    open();
    assertThat(tokens.of("erika")).isEmpty();
  }

  @Test
  void aTokenMayWhatItSaysAndItsOwnerStillMay() throws Exception {
    Tokens.Made made = makeToken(Role.OPERATOR);
    assertThat(made.secret()).matches("gatehouse_[A-Za-z0-9_-]{43}");
    Caller caller = tokens.recognise(made.secret(), "192.0.2.9").orElseThrow();
    assertThat(caller.name()).isEqualTo("admin");
    assertThat(caller.role()).contains(Role.OPERATOR);
    assertThat(caller.address()).isEqualTo("192.0.2.9");
    claim(asAdmin(() -> users.invite("erika", Role.ADMIN)), "erika");
    As.user("erika", Role.ADMIN, () -> done(() -> users.changeRole("admin", Role.VIEWER)));
    assertThat(tokens.recognise(made.secret(), "").orElseThrow().role()).contains(Role.VIEWER);
  }

  @Test
  void aTokenCannotBeMoreThanItsOwnerAndOnlyAnAdministratorsMakesAnother() {
    assertThatThrownBy(
            () ->
                As.user(
                    "erika", Role.OPERATOR, () -> tokens.make("x", Role.ADMIN, Duration.ofDays(1))))
        .hasMessageContaining("more than its owner");
    Caller operator =
        tokens.recognise(makeToken(Role.OPERATOR).secret(), "192.0.2.9").orElseThrow();
    assertThatThrownBy(
            () -> As.caller(operator, () -> tokens.make("x", Role.VIEWER, Duration.ofDays(1))))
        .hasMessageContaining("cannot make another");
    Caller admin = tokens.recognise(makeToken(Role.ADMIN).secret(), "192.0.2.9").orElseThrow();
    Tokens.Made made =
        As.caller(admin, () -> tokens.make("metrics", Role.VIEWER, Duration.ofDays(1)));
    assertThat(tokens.recognise(made.secret(), "192.0.2.9").orElseThrow().role())
        .contains(Role.VIEWER);
  }

  @Test
  void aTokenEndsAndIsRevokedAndIsNeverWrittenDown() throws IOException {
    Tokens.Made made = makeToken(Role.VIEWER);
    assertThat(tokens.of("admin").getFirst().used()).isFalse();
    now = now.plus(Duration.ofDays(1));
    assertThat(tokens.recognise(made.secret(), "")).isPresent();
    open();
    assertThat(tokens.of("admin").getFirst().lastUsed()).isEqualTo(now);
    now = now.plus(Duration.ofDays(29));
    assertThat(tokens.recognise(made.secret(), "")).isEmpty();
    Tokens.Made next = makeToken(Role.VIEWER);
    assertThatThrownBy(() -> As.user("erika", Role.OPERATOR, () -> done(() -> revoke(next))))
        .isInstanceOf(Forbidden.class);
    As.user("admin", Role.ADMIN, () -> done(() -> revoke(next)));
    assertThat(tokens.recognise(next.secret(), "")).isEmpty();
    for (String file : new String[] {"tokens", "audit.log"}) {
      assertThat(Files.readString(directory.resolve(file)))
          .doesNotContain(made.secret().substring(Tokens.PREFIX.length()));
    }
  }

  private void revoke(Tokens.Made made) {
    tokens.revoke(made.token().id());
  }

  private Tokens.Made makeToken(Role role) {
    return As.user("admin", Role.ADMIN, () -> tokens.make("backup", role, Duration.ofDays(30)));
  }

  @Test
  void aSecondFactorIsAddedByShowingThatItWorks() throws Exception {
    byte[] secret = OwnAccount.makeSecret();
    refused(
        AccountRefusal.Reason.WRONG_CODE, () -> asAdmin(() -> own.enrol(PASSWORD, secret, "12")));
    refused(
        AccountRefusal.Reason.WRONG_PASSWORD,
        () -> asAdmin(() -> own.enrol("wrong", secret, app(secret))));
    assertThat(accounts.hasSecondFactor("admin")).isFalse();
    List<String> recovery = asAdmin(() -> own.enrol(PASSWORD, secret, app(secret)));
    assertThat(recovery).hasSize(10).doesNotHaveDuplicates();
    open();
    assertThat(accounts.hasSecondFactor("admin")).isTrue();
    assertThat(accounts.factors().use("admin", app(secret), now))
        .as("used at enrolment")
        .isEqualTo(SecondFactors.Shown.NOT);
    now = now.plusSeconds(30);
    assertThat(accounts.factors().use("admin", app(secret), now))
        .isEqualTo(SecondFactors.Shown.APP);
    open();
    assertThat(accounts.factors().use("admin", app(secret), now))
        .as("a replay, after a restart")
        .isEqualTo(SecondFactors.Shown.NOT);
    assertThat(accounts.factors().use("admin", recovery.get(3), now))
        .isEqualTo(SecondFactors.Shown.RECOVERY_CODE);
    assertThat(accounts.factors().use("admin", recovery.get(3), now))
        .isEqualTo(SecondFactors.Shown.NOT);
    assertThat(accounts.recoveryCodesLeft("admin")).isEqualTo(9);
    assertThat(Files.readString(directory.resolve("second-factors")))
        .doesNotContain(recovery.get(4), Secrets.plain(recovery.get(4)));
  }

  @Test
  void ofASecondFactorThatIsLostOthersMayRelieve() throws Exception {
    byte[] secret = OwnAccount.makeSecret();
    asAdmin(() -> own.enrol(PASSWORD, secret, app(secret)));
    asAdmin(() -> done(() -> users.resetSecondFactor("admin")));
    open();
    assertThat(accounts.hasSecondFactor("admin")).isFalse();
  }

  @Test
  void aPasswordIsChangedByWhoeverKnowsTheOldOne() throws Exception {
    refused(
        AccountRefusal.Reason.WRONG_PASSWORD,
        () -> asAdmin(() -> done(() -> own.changePassword("wrong", "another river stone", ""))));
    refused(
        AccountRefusal.Reason.COMMON,
        () -> asAdmin(() -> done(() -> own.changePassword(PASSWORD, "password1234", ""))));
    asAdmin(() -> done(() -> own.changePassword(PASSWORD, "another river stone", "")));
    open();
    assertThat(accounts.verify("admin", PASSWORD)).isFalse();
    assertThat(accounts.verify("admin", "another river stone")).isTrue();
  }

  @Test
  void guessingTheOldPasswordIsSlowedDown() throws Exception {
    for (int i = 0; i < Throttle.FREE_TRIES; i++) {
      refused(
          AccountRefusal.Reason.WRONG_PASSWORD,
          () -> asAdmin(() -> own.renewRecoveryCodes("wrong")));
    }
    refused(AccountRefusal.Reason.WAIT, () -> asAdmin(() -> own.renewRecoveryCodes(PASSWORD)));
  }

  @Test
  void theOwnerOfTheMachineCanGetInAgain() throws Exception {
    byte[] secret = OwnAccount.makeSecret();
    asAdmin(() -> own.enrol(PASSWORD, secret, app(secret)));
    assertThat(accounts.isSetupOpen()).isFalse();
    Files.createFile(directory.resolve("recover"));
    assertThat(accounts.isSetupOpen()).isTrue();
    assertThat(accounts.needSetup()).as("others go on").isFalse();
    String code = code();
    As.stranger(() -> accounts.claim(code, "admin", "another river stone"));
    open();
    assertThat(accounts.verify("admin", "another river stone")).isTrue();
    assertThat(accounts.hasSecondFactor("admin")).isFalse();
    assertThat(directory.resolve("recover")).doesNotExist();
    assertThat(directory.resolve("setup-code")).doesNotExist();
  }

  @Test
  void everyChangeIsWrittenDownWithoutASecret() throws Exception {
    String code = asAdmin(() -> users.invite("erika", Role.OPERATOR));
    claim(code, "erika");
    asAdmin(() -> done(() -> users.changeRole("erika", Role.VIEWER)));
    assertThat(audit.newest(entry -> true, 0, 10))
        .extracting(AuditEntry::action)
        .containsExactly("user.role", "invitation.accept", "user.add", "setup");
    assertThat(audit.newest(entry -> true, 0, 1).getFirst().difference())
        .isEqualTo("-role: operator\n+role: viewer");
    assertThat(Files.readString(directory.resolve("audit.log"))).doesNotContain(code, PASSWORD);
  }

  private String app(byte[] secret) {
    return Totp.password(secret, Totp.step(now));
  }

  private User claim(String code, String name) throws AccountRefusal {
    return As.stranger(() -> accounts.claim(code, name, PASSWORD));
  }

  private static <T, X extends Exception> T asAdmin(As.Deed<T, X> deed) throws X {
    return As.user("admin", Role.ADMIN, deed);
  }

  private interface Deed<X extends Exception> {
    void run() throws X;
  }

  private static <X extends Exception> boolean done(Deed<X> deed) throws X {
    deed.run();
    return true;
  }

  private static void refused(AccountRefusal.Reason reason, ThrowingCallable attempt) {
    assertThatThrownBy(attempt)
        .isInstanceOfSatisfying(
            AccountRefusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }
}
