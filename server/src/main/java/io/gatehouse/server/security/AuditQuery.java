// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which entries of the audit are wanted.
 *
 * @param text parts, all of which an entry must have somewhere
 * @param kind only of this kind
 * @param result only those of which this came
 */
public record AuditQuery(String text, Optional<Kind> kind, Optional<AuditEntry.Result> result)
    implements Predicate<AuditEntry> {
  /** What an entry is about. */
  public enum Kind {
    /** Who came and went. */
    LOGIN,
    /** Users, passwords, sessions, tokens. */
    ACCOUNT,
    /** Everything else. */
    GATEWAY;

    static Kind of(AuditEntry entry) {
      String word = entry.action().replaceFirst("\\..*", "");
      return switch (word) {
        case "login", "logout" -> LOGIN;
        case "user", "token", "session", "password", "setup", "invitation" -> ACCOUNT;
        case "second-factor", "recovery-codes" -> ACCOUNT;
        default -> GATEWAY;
      };
    }
  }

  /** From the words of an address; a kind or result that is none counts as any. */
  public static AuditQuery of(String text, String kind, String result) {
    return new AuditQuery(
        text.strip(), named(Kind.values(), kind), named(AuditEntry.Result.values(), result));
  }

  private static <E extends Enum<E>> Optional<E> named(E[] all, String name) {
    return Arrays.stream(all).filter(one -> one.name().equalsIgnoreCase(name)).findFirst();
  }

  /** Whether every entry is wanted. */
  public boolean isEverything() {
    return text.isEmpty() && kind.isEmpty() && result.isEmpty();
  }

  @Override
  public boolean test(AuditEntry entry) {
    return kind.map(wanted -> wanted == Kind.of(entry)).orElse(true)
        && result.map(wanted -> wanted == entry.result()).orElse(true)
        && Stream.of(text.toLowerCase(Locale.ROOT).split("\\s+"))
            .allMatch(part -> has(entry, part));
  }

  private static boolean has(AuditEntry entry, String part) {
    return Stream.of(
            entry.user(),
            entry.address(),
            entry.action(),
            entry.object(),
            entry.difference(),
            entry.detail())
        .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(part));
  }
}
