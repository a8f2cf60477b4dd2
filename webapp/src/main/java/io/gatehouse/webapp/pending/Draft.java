// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.pending;

import io.gatehouse.control.EditStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What waits for one file.
 *
 * @param base the version that it is for
 * @param text what the file was rewritten to, its keys hidden; empty if it was not
 * @param steps settings that change, in that text or else in the file
 */
public record Draft(String base, Optional<String> text, List<EditStep> steps) {
  /** Copies the list. */
  public Draft {
    steps = List.copyOf(steps);
  }

  /** As the data plane makes them: the text first. */
  List<EditStep> all() {
    return Stream.concat(text.map(EditStep.Text::new).stream(), steps.stream()).toList();
  }

  /** How many changes that is; a new text is one. */
  public int count() {
    return steps.size() + (text.isPresent() ? 1 : 0);
  }

  Draft with(EditStep step) {
    List<EditStep> more = new ArrayList<>(without(step).steps());
    more.add(step);
    return new Draft(base, text, more);
  }

  Draft without(EditStep step) {
    return new Draft(base, text, steps.stream().filter(each -> !isSame(each, step)).toList());
  }

  /** Leaves the text out, for it may hold keys. */
  @Override
  public String toString() {
    return "Draft[base=" + base + ", steps=" + steps + "]";
  }

  private static boolean isSame(EditStep one, EditStep other) {
    return switch (one) {
      case EditStep.Set set ->
          other instanceof EditStep.Set that
              && set.peer().equals(that.peer())
              && set.key().equalsIgnoreCase(that.key());
      case EditStep.Rename rename ->
          other instanceof EditStep.Rename that && rename.peer().equals(that.peer());
      default -> one.equals(other);
    };
  }
}
