// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text of wg-quick files without the secrets in it. Stateless. */
final class Masked {
  /** As {@link io.gatehouse.wgquick.SecretKey#toString} says it. */
  private static final String HIDDEN = "(hidden)";

  /** Also in comments, where disabled peers stand. */
  private static final Pattern SECRET =
      Pattern.compile(
          "((?:private|preshared)[ -]?key[\\t ]*[=:]?[\\t ]*)[^\\s#]+", Pattern.CASE_INSENSITIVE);

  /** Whatever else looks like a key and is not said to be a public one, such as in PostUp. */
  private static final Pattern KEY =
      Pattern.compile(
          "(publickey[\\t ]*=[\\t ]*)?(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=",
          Pattern.CASE_INSENSITIVE);

  private Masked() {}

  /** The same lines, each secret replaced by {@value #HIDDEN}. */
  static String of(String text) {
    String named = SECRET.matcher(text).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
    return KEY.matcher(named)
        .replaceAll(
            found -> Matcher.quoteReplacement(found.group(1) == null ? HIDDEN : found.group()));
  }
}
