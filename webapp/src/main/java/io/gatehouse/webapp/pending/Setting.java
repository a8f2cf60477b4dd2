// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.pending;

import io.gatehouse.control.EditStep;
import io.gatehouse.webapp.Texts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One field of a form: a setting of a file. Of one request. */
public final class Setting {
  /** What a key is called that gives a peer its name; it is a comment of several forms in files. */
  static final String NAME = "name";

  private static final String EXPIRES = "gatehouse.expires";

  private final String key;
  private final boolean list;
  private final String now;
  private String text;

  /**
   * A field that shows what the file says.
   *
   * @param key of wg-quick, or one of our own
   * @param list whether it has several values, which commas part
   * @param now what the file says; empty for nothing
   */
  Setting(String key, boolean list, String now) {
    this.key = key;
    this.list = list;
    this.now = now;
    this.text = now;
  }

  /** Shows what waits already, in place of what the file says. */
  void expect(EditStep step, Optional<String> peer) {
    if (step instanceof EditStep.Set set && set.key().equals(key) && set.peer().equals(peer)) {
      text = String.join(", ", set.values());
    } else if (step instanceof EditStep.Rename rename
        && key.equals(NAME)
        && peer.filter(rename.peer()::equals).isPresent()) {
      text = rename.name();
    }
  }

  /** Why it cannot be so; empty if it can, as far as can be told here. */
  Optional<String> wrong(Texts texts) {
    return key.equals(EXPIRES) && Expiry.parse(text).isEmpty() && !text.isEmpty()
        ? Optional.of(texts.of("settings.expires.form", text))
        : Optional.empty();
  }

  /** What makes it so. */
  EditStep step(Optional<String> peer) {
    if (key.equals(NAME)) {
      return new EditStep.Rename(peer.orElse(""), text);
    }
    String value = key.equals(EXPIRES) ? Expiry.parse(text).orElse(text) : text;
    return new EditStep.Set(
        peer,
        key,
        value.isEmpty()
            ? List.of()
            : list
                ? Stream.of(value.split(",")).map(String::strip).filter(v -> !v.isEmpty()).toList()
                : List.of(value));
  }

  /** Whether it is to be otherwise than the file says. */
  public boolean isChanged() {
    return !text.equals(now);
  }

  /** By which the texts {@code setting.KEY} and {@code setting.KEY.hint} go. */
  public String getKey() {
    return key;
  }

  /** What the file says. */
  public String getNow() {
    return now;
  }

  public String getText() {
    return text;
  }

  public void setText(String text) {
    this.text = text.replaceAll("[\\r\\n]", " ").strip();
  }
}
