// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The API tokens: made, shown once, recognised, revoked. */
@ApplicationScoped
public class Tokens {
  /** What every token begins with, so that scanners for leaked secrets know it. */
  public static final String PREFIX = "gatehouse_";

  /** The longest that a token may be good for. */
  public static final Duration LONGEST = Duration.ofDays(366);

  private static final System.Logger LOG = System.getLogger(Tokens.class.getName());
  private static final int SECRET_OCTETS = 32;
  private static final Duration USE_KEPT_EVERY = Duration.ofMinutes(5);

  private final Path directory;
  private final Accounts accounts;
  private final Guard guard;
  private final InstantSource clock;
  private TokenStore store;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected Tokens() {
    this(Path.of(""), null, null);
  }

  /**
   * Makes the service; the file is read when it is first asked.
   *
   * @param directory where the console keeps its things
   */
  @Inject
  public Tokens(
      @ConfigProperty(name = "gatehouse.console.state") Path directory,
      Accounts accounts,
      Guard guard) {
    this(directory, accounts, guard, InstantSource.system());
  }

  Tokens(Path directory, Accounts accounts, Guard guard, InstantSource clock) {
    this.directory = directory;
    this.accounts = accounts;
    this.guard = guard;
    this.clock = clock;
  }

  @PostConstruct
  void open() {
    try {
      store = new TokenStore(directory.resolve("tokens"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A token that was just made, and its secret, which nobody can show again. */
  public record Made(Token token, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return token.toString();
    }
  }

  /**
   * Makes a token of the caller's own.
   *
   * @param name what they call it, 1 to 64 characters
   * @param role what it may, at most what they may
   * @param lifetime how long it is good for, at most {@link #LONGEST}
   * @throws IllegalArgumentException if one of these is otherwise
   */
  public Made make(String name, Role role, Duration lifetime) {
    Caller caller = Caller.current();
    if (name.isBlank() || name.length() > 64 || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a token's name is 1 to 64 characters");
    }
    if (!lifetime.isPositive() || lifetime.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a token is good for at most " + LONGEST.toDays() + " days");
    }
    return guard.change(
        Action.OWN_ACCOUNT,
        "token.make",
        name,
        difference -> {
          // An administrator's token can invite an administrator, so it gains nothing by it.
          if (caller.way() != Caller.Way.SESSION && !caller.may(Action.MANAGE_USERS)) {
            throw new IllegalArgumentException(
                "a token cannot make another, unless it is an administrator's");
          }
          if (caller.role().filter(own -> own.includes(role)).isEmpty()) {
            throw new IllegalArgumentException("a token cannot do more than its owner");
          }
          Instant now = clock.instant();
          String secret =
              PREFIX
                  + Base64.getUrlEncoder()
                      .withoutPadding()
                      .encodeToString(Secrets.octets(SECRET_OCTETS));
          Token token =
              new Token(
                  HexFormat.of().formatHex(Secrets.octets(4)),
                  caller.name(),
                  role,
                  Secrets.hash(secret),
                  now,
                  now.plus(lifetime),
                  Instant.EPOCH,
                  name);
          store.put(token);
          difference
              .append("+id: ")
              .append(token.id())
              .append("\n+role: ")
              .append(role.word())
              .append("\n+expires: ")
              .append(token.expires());
          return new Made(token, secret);
        });
  }

  /** The tokens of a user, the newest first. */
  public List<Token> of(String owner) {
    return store.all().stream().filter(token -> token.owner().equals(owner)).toList();
  }

  /** All tokens, the newest first. */
  public List<Token> all() {
    guard.require(Action.MANAGE_USERS);
    return store.all();
  }

  /** Whether a token is past its time. */
  public boolean isExpired(Token token) {
    return !clock.instant().isBefore(token.expires());
  }

  /** Makes a token worthless: one's own, or anybody's for whoever manages users. */
  public void revoke(String id) {
    Optional<Token> token = store.all().stream().filter(one -> one.id().equals(id)).findFirst();
    boolean own = token.filter(one -> one.owner().equals(Caller.current().name())).isPresent();
    guard.change(
        own ? Action.OWN_ACCOUNT : Action.MANAGE_USERS,
        "token.revoke",
        token.map(one -> one.name() + " (" + one + ")").orElse(id),
        difference -> {
          store.remove(token.stream().toList());
          return true;
        });
  }

  /** Makes all tokens of a user worthless, since the user is gone. */
  void revokeAll(String owner) {
    List<Token> gone = of(owner);
    if (!gone.isEmpty()) {
      store.remove(gone);
    }
  }

  /**
   * Who shows a secret.
   *
   * @param address from where
   */
  Optional<Caller> recognise(String secret, String address) {
    Instant now = clock.instant();
    Optional<Token> known =
        store.find(Secrets.hash(secret)).filter(token -> now.isBefore(token.expires()));
    Optional<Caller> caller =
        known.flatMap(
            token ->
                accounts
                    .find(token.owner())
                    .filter(User::enabled)
                    .map(
                        owner ->
                            new Caller(
                                owner.name(),
                                Optional.of(token.role().atMost(owner.role())),
                                address,
                                Caller.Way.TOKEN)));
    if (caller.isPresent()) {
      note(known.get(), now);
    }
    return caller;
  }

  private void note(Token token, Instant now) {
    if (Duration.between(token.lastUsed(), now).compareTo(USE_KEPT_EVERY) >= 0) {
      try {
        store.put(token.usedAt(now));
      } catch (UncheckedIOException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "cannot write that the token {0} was used: {1}",
            token,
            e.getMessage());
      }
    }
  }
}
