// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.time.Duration;

/** Why something about an account was not done. Nothing has changed. */
public final class AccountRefusal extends Exception {
  private static final long serialVersionUID = 1;

  /** The reasons. */
  public enum Reason {
    /** Somebody has that name. */
    NAME_TAKEN("the name is taken"),
    /** It is no user name. */
    BAD_NAME("that is no user name"),
    /** There is no such user (any more). */
    NO_SUCH_USER("there is no such user"),
    /** Nobody could manage users any more. */
    LAST_ADMIN("this is the last administrator who can log in"),
    /** The password that was given to confirm is not the user's. */
    WRONG_PASSWORD("the password is wrong"),
    /** The code is not that of the second factor now, or was used before. */
    WRONG_CODE("the code is wrong or was used before"),
    /** Too many tries. */
    WAIT("too many tries"),
    /** The new password has fewer than 12 characters. */
    TOO_SHORT("the password is too short"),
    /** The new password has more than 128 characters. */
    TOO_LONG("the password is too long"),
    /** The new password is one of those that guessers try first. */
    COMMON("the password is a common one"),
    /** The new password is made of the user's name. */
    LIKE_NAME("the password is made of the user name"),
    /** The new password has fewer than five different characters. */
    MONOTONOUS("the password has too few different characters");

    private final String sentence;

    Reason(String sentence) {
      this.sentence = sentence;
    }
  }

  private final Reason reason;
  private final Duration pause;

  AccountRefusal(Reason reason) {
    this(reason, Duration.ZERO);
  }

  private AccountRefusal(Reason reason, Duration pause) {
    super(reason.sentence);
    this.reason = reason;
    this.pause = pause;
  }

  /** Too many tries: one may be made again after a pause. */
  static AccountRefusal wait(Duration pause) {
    return new AccountRefusal(Reason.WAIT, pause);
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** How long to wait, for {@link Reason#WAIT}; else zero. */
  public Duration pause() {
    return pause;
  }
}
