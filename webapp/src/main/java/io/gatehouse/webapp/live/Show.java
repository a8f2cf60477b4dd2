// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.FindingStatus;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How pages write what does not change while they stay. */
@Named
@RequestScoped
public class Show {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{43}=");

  @Inject private Live live;
  private final Map<String, String> names = new HashMap<>();

  /** Enough of a key to tell it from others. */
  public String key(String key) {
    return key.length() > 12 ? key.substring(0, 10) + "\u2026" : key;
  }

  /** {@code file:line}, or the file alone. */
  public String place(FindingStatus finding) {
    return finding.file() + (finding.line() > 0 ? ":" + finding.line() : "");
  }

  /** The first digits of a revision. */
  public String revision(String id) {
    return id.substring(0, Math.min(8, id.length()));
  }

  /** A list with commas, or a dash for none. */
  public String list(List<String> words) {
    return words.isEmpty() ? live.texts().of("none") : String.join(", ", words);
  }

  /** A text, or a dash for none. */
  public String orNone(String text) {
    return text.isEmpty() ? live.texts().of("none") : text;
  }

  /** Day and time of Unix seconds, by this machine's zone. */
  public String time(long seconds) {
    return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
        .withLocale(live.texts().locale())
        .format(Instant.ofEpochSecond(seconds).atZone(ZoneId.systemDefault()));
  }

  /** How long ago Unix seconds were. */
  public String age(long seconds) {
    return live.texts()
        .of("ago", new Values(live.texts()).age(Math.max(0, live.getTime() / 1000 - seconds)));
  }

  /** A text in which the keys of peers that have a name give way to their names. */
  public String named(String text) {
    return KEY.matcher(text)
        .replaceAll(
            key -> Matcher.quoteReplacement(names().getOrDefault(key.group(), key.group())));
  }

  private Map<String, String> names() {
    if (names.isEmpty()) {
      live.now().tunnels().stream()
          .flatMap(tunnel -> tunnel.peers().stream())
          .filter(peer -> !peer.name().isEmpty())
          .forEach(peer -> names.put(peer.publicKey(), peer.name()));
    }
    return names;
  }

  /** A whole number, grouped. */
  public String number(long number) {
    return new Values(live.texts()).number(number);
  }

  /** Why packets were dropped, in words. */
  public String reason(String reason) {
    return live.texts().orElse("reason.drop." + reason, reason);
  }

  /** What to do about packets dropped for a reason; empty if nobody knows. */
  public String advice(String reason) {
    return live.texts().orElse("advice." + reason, "");
  }

  /** A text with arguments. */
  public String text(String key, Object one) {
    return live.texts().of(key, one);
  }

  /** A text with two arguments. */
  public String text2(String key, Object one, Object two) {
    return live.texts().of(key, one, two);
  }

  /** A text with three arguments. */
  public String text3(String key, Object one, Object two, Object three) {
    return live.texts().of(key, one, two, three);
  }
}
