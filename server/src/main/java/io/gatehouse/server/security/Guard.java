// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;

/**
 * The one way to a change: asks whether the caller may, has it done, and writes down who did what
 * to what, from where, and what came of it. A change that cannot be written down is not made.
 */
@ApplicationScoped
public class Guard {
  private final Audit audit;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected Guard() {
    this(null);
  }

  /** Makes the guard. */
  @Inject
  public Guard(Audit audit) {
    this.audit = audit;
  }

  /** What is to be done. */
  @FunctionalInterface
  public interface Work<T, X extends Exception> {
    /**
     * Does it.
     *
     * @param difference what was before and is after, in lines that begin with a minus or a plus,
     *     without secrets; empty if there is nothing to say
     */
    T run(StringBuilder difference) throws X;
  }

  /**
   * Looks whether the caller may, and no more.
   *
   * @throws Forbidden if not
   */
  public void require(Action action) {
    if (!Caller.current().may(action)) {
      throw new Forbidden(action);
    }
  }

  /**
   * Makes a change.
   *
   * @param word what is done, as the audit has it, such as {@code peer.add}
   * @param object what it is done to, without secrets
   * @throws Forbidden if the caller may not; that is written down as well
   */
  public <T, X extends Exception> T change(
      Action action, String word, String object, Work<T, X> work) throws X {
    Caller caller = Caller.current();
    if (!caller.may(action)) {
      Forbidden no = new Forbidden(action);
      write(caller, word, object, "", AuditEntry.Result.FORBIDDEN, String.valueOf(no.getMessage()));
      throw no;
    }
    audit.prepare();
    StringBuilder difference = new StringBuilder();
    T done;
    try {
      done = work.run(difference);
    } catch (Exception e) {
      write(
          caller,
          word,
          object,
          difference.toString(),
          AuditEntry.Result.REFUSED,
          e.getMessage() == null
              ? e.getClass().getSimpleName().toLowerCase(Locale.ROOT)
              : e.getMessage());
      throw e;
    }
    write(caller, word, object, difference.toString(), AuditEntry.Result.DONE, "");
    return done;
  }

  /** Writes down that something was done that is for everyone, strangers as well. */
  public void note(String word, String object) {
    write(Caller.current(), word, object, "", AuditEntry.Result.DONE, "");
  }

  private void write(
      Caller caller,
      String word,
      String object,
      String difference,
      AuditEntry.Result result,
      String detail) {
    audit.write(AuditEntry.of(caller, word, object).with(difference).with(result, detail));
  }
}
