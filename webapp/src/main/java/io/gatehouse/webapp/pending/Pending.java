// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.pending;

import io.gatehouse.control.EditRequest;
import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileSteps;
import io.gatehouse.webapp.Request;
import jakarta.enterprise.context.SessionScoped;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The changes of one session that wait for their review: for each file the version that they are
 * for, and the edits. What others change meanwhile is merged by the data plane when they are
 * applied, or refused where it meets. Thread-safe; gone with the session.
 */
@Named
@SessionScoped
public class Pending implements Serializable {
  private static final long serialVersionUID = 1;

  /** More is no edit by hand. */
  private static final int MOST_FILES = 100;

  private final transient SortedMap<String, Draft> drafts = new TreeMap<>();

  /**
   * Gives a file a new text.
   *
   * @param base the version that was edited
   */
  public synchronized void rewrite(String file, String base, String text) {
    Draft draft = draft(file, base);
    // Settings that were changed before stay on top of the new text.
    put(
        file,
        new Draft(
            draft.text().isPresent() ? draft.base() : base, Optional.of(text), draft.steps()));
  }

  /**
   * Changes settings of a file. A setting that waits already gets its newest value.
   *
   * @param base the version that was looked at
   */
  public synchronized void add(String file, String base, List<EditStep> steps) {
    Draft draft = draft(file, base);
    for (EditStep step : steps) {
      draft = draft.with(step);
    }
    put(file, draft);
  }

  /** Forgets what waits for a setting. */
  public synchronized void take(String file, EditStep like) {
    Draft draft = drafts.get(file);
    if (draft != null) {
      put(file, draft.without(like));
    }
  }

  private Draft draft(String file, String base) {
    Draft known = drafts.get(file);
    if (known == null && drafts.size() >= MOST_FILES) {
      throw new IllegalStateException("more than " + MOST_FILES + " files wait already");
    }
    return known == null ? new Draft(base, Optional.empty(), List.of()) : known;
  }

  private void put(String file, Draft draft) {
    if (draft.count() == 0) {
      drafts.remove(file);
    } else {
      drafts.put(file, draft);
    }
  }

  /** What waits for a file. */
  public synchronized Optional<Draft> of(String file) {
    return Optional.ofNullable(drafts.get(file));
  }

  /** Forgets what waits for a file. */
  public synchronized void discard(String file) {
    drafts.remove(file);
  }

  /** Forgets all that waits. */
  public synchronized void discard() {
    drafts.clear();
  }

  /** All of it as one edit. */
  public synchronized EditRequest request(boolean dryRun, String message) {
    return new EditRequest(
        drafts.entrySet().stream()
            .map(
                each ->
                    new FileSteps(
                        each.getKey(), Optional.of(each.getValue().base()), each.getValue().all()))
            .toList(),
        dryRun,
        Optional.of(Request.origin(message)));
  }

  /** How many changes wait. */
  public synchronized int getChanges() {
    return drafts.values().stream().mapToInt(Draft::count).sum();
  }

  /** In which files. */
  public synchronized List<String> getFiles() {
    return List.copyOf(drafts.keySet());
  }
}
