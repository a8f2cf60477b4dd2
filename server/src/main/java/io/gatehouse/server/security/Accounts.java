// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.security.enterprise.identitystore.Pbkdf2PasswordHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The console's users, and how each gets the password: the first one by the setup code, all others
 * by an invitation. The owner of the machine can have a setup code made again when nobody can get
 * in, by a file named {@code recover} in the state directory.
 */
@ApplicationScoped
public class Accounts {
  private static final System.Logger LOG = System.getLogger(Accounts.class.getName());

  private final Path directory;
  private final Pbkdf2PasswordHash hash;
  private final Audit audit;
  private final InstantSource clock;
  private final PasswordRules rules = new PasswordRules();
  private final Throttle setups;
  private UserStore users;
  private SecondFactors factors;
  private SetupCode setupCode;
  private String nobodysHash;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected Accounts() {
    this(Path.of(""), null, null);
  }

  /**
   * Makes the service; files are read when it starts.
   *
   * @param directory where users and setup code lie
   * @param hash the container's password hash
   */
  @Inject
  public Accounts(
      @ConfigProperty(name = "gatehouse.console.state") Path directory,
      Pbkdf2PasswordHash hash,
      Audit audit) {
    this(directory, hash, audit, InstantSource.system());
  }

  Accounts(Path directory, Pbkdf2PasswordHash hash, Audit audit, InstantSource clock) {
    this.directory = directory;
    this.hash = hash;
    this.audit = audit;
    this.clock = clock;
    this.setups = new Throttle(clock);
  }

  /** Begins with the server, so that the setup code is there before the first visit. */
  void start(@Observes Startup event) {
    LOG.log(System.Logger.Level.DEBUG, "{0} users", users.all().size());
  }

  @PostConstruct
  void open() {
    // OWASP ASVS 2.4.1: PBKDF2 with SHA-512 and at least 210,000 rounds.
    hash.initialize(
        Map.of(
            "Pbkdf2PasswordHash.Algorithm", "PBKDF2WithHmacSHA512",
            "Pbkdf2PasswordHash.Iterations", "210000",
            "Pbkdf2PasswordHash.SaltSizeBytes", "32",
            "Pbkdf2PasswordHash.KeySizeBytes", "64"));
    nobodysHash = hash.generate("nobody has this password".toCharArray());
    try {
      users = new UserStore(directory.resolve("users"));
      factors = new SecondFactors(directory.resolve("second-factors"));
      setupCode = new SetupCode(directory.resolve("setup-code"));
      if (!isSetupOpen()) {
        setupCode.destroy();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot use " + directory + " (gatehouse.console.state): " + e.getMessage(), e);
    }
  }

  /** Whether there is no account yet. */
  public boolean needSetup() {
    return users.isEmpty();
  }

  /**
   * Whether the setup code makes an administrator: while there is no account, and while the owner
   * of the machine says so by the file {@code recover}. There is a code then.
   */
  public synchronized boolean isSetupOpen() {
    boolean wanted = users.isEmpty() || Files.exists(recover());
    if (wanted) {
      try {
        setupCode.prepare();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write a setup code to " + directory, e);
      }
    }
    return wanted;
  }

  /** Whether somebody is invited and has not come yet. */
  public boolean hasInvitations() {
    return users.all().stream().anyMatch(user -> !user.hasPassword());
  }

  /** The user of that name. */
  public Optional<User> find(String name) {
    return users.find(name);
  }

  /** Whether a user shows a second factor at log-in. */
  public boolean hasSecondFactor(String name) {
    return factors.has(name);
  }

  /** How many recovery codes a user has left. */
  public int recoveryCodesLeft(String name) {
    return factors.recoveryCodesLeft(name);
  }

  /**
   * Gives somebody an account with a password: an administrator for the setup code, who was invited
   * for their invitation's code. Either works once.
   *
   * @return the user, who may be let in
   */
  public synchronized User claim(String code, String name, String password) throws AccountRefusal {
    Duration pause = setups.admit("setup");
    if (pause.isPositive()) {
      throw AccountRefusal.wait(pause);
    }
    try {
      boolean first = isSetupOpen() && setupCode.matches(code);
      Optional<User> invited = users.find(name).filter(user -> isInvitedBy(user, code));
      if (!first && invited.isEmpty()) {
        note(Caller.current(), name, "setup", AuditEntry.Result.REFUSED, "a wrong code");
        throw new AccountRefusal(AccountRefusal.Reason.WRONG_CODE);
      }
      setups.succeeded("setup");
      if (!User.isName(name)) {
        throw new AccountRefusal(AccountRefusal.Reason.BAD_NAME);
      }
      User.Proof proof = newPassword(name, password);
      audit.prepare();
      User user = first ? new User(name, Role.ADMIN, true, proof) : invited.get().with(proof);
      if (first) {
        factors.remove(name);
      }
      users.put(user);
      if (first) {
        Files.deleteIfExists(recover());
        setupCode.destroy();
      }
      note(
          Caller.current().as(user),
          name,
          first ? "setup" : "invitation.accept",
          AuditEntry.Result.DONE,
          "");
      LOG.log(System.Logger.Level.INFO, "{0} has an account as {1}", name, user.role().word());
      return user;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the account to " + directory, e);
    }
  }

  private boolean isInvitedBy(User user, String code) {
    return user.enabled()
        && user.proof() instanceof User.Invitation invitation
        && clock.instant().isBefore(invitation.until())
        && Secrets.matches(Secrets.plain(code), invitation.hash());
  }

  private void note(
      Caller caller, String name, String action, AuditEntry.Result result, String detail) {
    audit.write(AuditEntry.of(caller, action, name).with(result, detail));
  }

  /** The hash of a new password, if it will do. */
  User.Password newPassword(String name, String password) throws AccountRefusal {
    PasswordRules.Verdict verdict = rules.judge(password, name);
    if (verdict != PasswordRules.Verdict.GOOD) {
      throw new AccountRefusal(AccountRefusal.Reason.valueOf(verdict.name()));
    }
    return new User.Password(hash.generate(password.toCharArray()));
  }

  /** Whether name and password belong together. Takes equally long for unknown names. */
  boolean verify(String name, String password) {
    Optional<User> user = users.find(name).filter(User::enabled);
    String expected =
        user.map(User::proof)
            .map(proof -> proof instanceof User.Password known ? known.hash() : nobodysHash)
            .orElse(nobodysHash);
    boolean right = hash.verify(password.toCharArray(), expected);
    return right && user.filter(User::hasPassword).isPresent();
  }

  /** For those who change accounts. */
  UserStore users() {
    return users;
  }

  /** For those who change accounts. */
  SecondFactors factors() {
    return factors;
  }

  private Path recover() {
    return directory.resolve("recover");
  }
}
