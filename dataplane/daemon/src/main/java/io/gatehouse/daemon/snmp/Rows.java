// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** The rows of a table at one moment, sorted by index. Immutable. */
final class Rows<R> {
  private static final class Row<R> {
    private final int[] index;
    private final R value;

    private Row(int[] index, R value) {
      this.index = index;
      this.value = value;
    }
  }

  private final List<Row<R>> rows;

  private Rows(List<Row<R>> rows) {
    this.rows = rows;
  }

  /**
   * Sorts the rows.
   *
   * @param index the index sub-identifiers of a row, unsigned
   * @throws IllegalArgumentException if two rows have the same index
   */
  static <R> Rows<R> of(Collection<R> values, Function<R, int[]> index) {
    List<Row<R>> rows = new ArrayList<>(values.size());
    for (R value : values) {
      rows.add(new Row<>(index.apply(value), value));
    }
    rows.sort((a, b) -> Arrays.compareUnsigned(a.index, b.index));
    for (int i = 1; i < rows.size(); i++) {
      if (Arrays.equals(rows.get(i - 1).index, rows.get(i).index)) {
        throw new IllegalArgumentException(
            "two rows have the index " + Arrays.toString(rows.get(i).index));
      }
    }
    return new Rows<>(List.copyOf(rows));
  }

  /** The one row of a group of scalars, whose index is 0. */
  static <R> Rows<R> scalars(R value) {
    return new Rows<>(List.of(new Row<>(new int[] {0}, value)));
  }

  int size() {
    return rows.size();
  }

  int[] index(int position) {
    return rows.get(position).index;
  }

  R row(int position) {
    return rows.get(position).value;
  }

  /**
   * Position of the first row at or after an index.
   *
   * @param inclusive whether a row with that very index counts
   * @return {@link #size()} when there is none
   */
  int ceiling(int[] index, boolean inclusive) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(rows.get(middle).index, index);
      if (order < 0 || (order == 0 && !inclusive)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
