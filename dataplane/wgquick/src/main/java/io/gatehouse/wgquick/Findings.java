// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import io.gatehouse.wgquick.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the findings of one file. Keeps the first hundred of each kind: nobody reads more. */
final class Findings {
  private static final int MOST = 100;

  private final String file;
  private final List<Finding> kept = new ArrayList<>();
  private int errors;
  private int others;

  Findings(String file) {
    this.file = file;
  }

  void add(FindingCode code, int line, String value, Object... details) {
    int count = code.severity() == Severity.ERROR ? errors++ : others++;
    if (count < MOST) {
      kept.add(code.at(file, line, value, details));
    }
  }

  boolean hasError() {
    return errors > 0;
  }

  /** In the order of lines; what concerns the whole file comes first. */
  List<Finding> inOrder() {
    List<Finding> ordered = new ArrayList<>(kept);
    ordered.sort(Comparator.comparingInt(Finding::line));
    int more = errors + others - kept.size();
    if (more > 0) {
      ordered.add(FindingCode.MORE.at(file, 0, "", more));
    }
    return List.copyOf(ordered);
  }
}
