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
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The console's users, how the first one comes to be, and how each shows who they are. */
@ApplicationScoped
public class Accounts {
  private static final System.Logger LOG = System.getLogger(Accounts.class.getName());

  /** What came of an attempt to make the first account. */
  public sealed interface Setup {
    /** The account is there and the code is gone. */
    record Done(User user) implements Setup {}

    /** The code is not the code. */
    record WrongCode() implements Setup {}

    /** The name is no user name. */
    record BadName() implements Setup {}

    /** The password will not do. */
    record BadPassword(PasswordRules.Verdict verdict) implements Setup {}

    /** Too many wrong codes. */
    record Wait(Duration pause) implements Setup {}

    /** There is an account already. */
    record TooLate() implements Setup {}
  }

  private final Path directory;
  private final Pbkdf2PasswordHash hash;
  private final PasswordRules rules = new PasswordRules();
  private final Throttle logins = new Throttle(Clock.systemUTC());
  private final Throttle setups = new Throttle(Clock.systemUTC());
  private UserStore users;
  private SetupCode setupCode;
  private String nobodysHash;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected Accounts() {
    this(Path.of(""), null);
  }

  /**
   * Makes the service; files are read when it starts.
   *
   * @param directory where users and setup code lie
   * @param hash the container's password hash
   */
  @Inject
  public Accounts(
      @ConfigProperty(name = "gatehouse.console.state") Path directory, Pbkdf2PasswordHash hash) {
    this.directory = directory;
    this.hash = hash;
  }

  /** Begins with the server, so that the setup code is there before the first visit. */
  void start(@Observes Startup event) {
    LOG.log(System.Logger.Level.DEBUG, "{0} users", users.isEmpty() ? "no" : "some");
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
      setupCode = new SetupCode(directory.resolve("setup-code"));
      if (users.isEmpty()) {
        setupCode.prepare(new SecureRandom());
      } else {
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

  /** The user of that name. */
  public Optional<User> find(String name) {
    return users.find(name);
  }

  /** Makes the first account, an administrator, for whoever knows the setup code. */
  public synchronized Setup setUp(String code, String name, String password) {
    if (!needSetup()) {
      return new Setup.TooLate();
    }
    Duration pause = setups.admit("setup");
    if (pause.isPositive()) {
      return new Setup.Wait(pause);
    }
    try {
      if (!setupCode.matches(code)) {
        LOG.log(System.Logger.Level.WARNING, "a wrong setup code was given");
        return new Setup.WrongCode();
      }
      setups.succeeded("setup");
      if (!User.isName(name)) {
        return new Setup.BadName();
      }
      PasswordRules.Verdict verdict = rules.judge(password, name);
      if (verdict != PasswordRules.Verdict.GOOD) {
        return new Setup.BadPassword(verdict);
      }
      User user = new User(name, User.Role.ADMIN, hash.generate(password.toCharArray()));
      users.add(user);
      setupCode.destroy();
      LOG.log(System.Logger.Level.INFO, "the administrator {0} was created", name);
      return new Setup.Done(user);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the account to " + directory, e);
    }
  }

  /**
   * How long this user name must rest before the next try from there; zero admits one try.
   *
   * @param local whether the try comes from this machine: strangers elsewhere must not be able to
   *     keep the administrator from logging in here
   */
  public Duration admit(String name, boolean local) {
    return logins.admit(key(name, local));
  }

  /** Whether name and password belong together. Takes equally long for unknown names. */
  boolean verify(String name, String password) {
    Optional<User> user = users.find(name);
    boolean right =
        hash.verify(password.toCharArray(), user.map(User::passwordHash).orElse(nobodysHash));
    return right && user.isPresent();
  }

  /** Forgets earlier failures. */
  public void admitted(String name, boolean local) {
    logins.succeeded(key(name, local));
  }

  private static String key(String name, boolean local) {
    String bounded = name.length() > 64 ? name.substring(0, 64) : name;
    return (local ? "local " : "remote ") + bounded.toLowerCase(Locale.ROOT);
  }
}
