// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snmp4j.PDU;
import org.snmp4j.agent.DefaultMOScope;
import org.snmp4j.agent.MOScope;
import org.snmp4j.agent.mo.GenericManagedObject;
import org.snmp4j.agent.request.SubRequest;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/**
 * A read-only table whose cells are read when they are asked for; nothing is copied or locked. A
 * group of scalars is a table with the one index 0.
 *
 * <p>Every request works on one set of rows from the supplier, so a walk in progress goes on from
 * its last object when rows come and go.
 */
// GenericManagedObject and not ManagedObject: the command processor looks up nothing else.
final class LiveTable<R> implements GenericManagedObject {
  private final int[] entry;
  private final List<Column<R>> columns;
  private final Supplier<Rows<R>> rows;
  private final MOScope scope;

  /**
   * A table.
   *
   * @param entry object identifier of the entry, or of the group for scalars
   * @param columns readable columns, at least one, in any order
   * @param rows the rows now
   */
  LiveTable(OID entry, List<Column<R>> columns, Supplier<Rows<R>> rows) {
    this.entry = entry.getValue();
    this.columns = columns.stream().sorted(Comparator.comparingInt(Column::id)).toList();
    this.rows = rows;
    this.scope =
        new DefaultMOScope(
            new OID(this.entry, this.columns.getFirst().id()),
            true,
            new OID(this.entry, this.columns.getLast().id() + 1),
            false);
  }

  /** Object identifier of the entry or group. */
  OID entry() {
    return new OID(entry);
  }

  /** Readable columns in ascending order. */
  List<Column<R>> columns() {
    return columns;
  }

  /** The cell with exactly this name, or null. */
  @Nullable VariableBinding cell(OID name) {
    Rows<R> now = rows.get();
    Cell cell = seek(now, name.getValue(), true);
    if (cell == null) {
      return null;
    }
    VariableBinding found = read(now, cell);
    return found.getOid().equals(name) ? found : null;
  }

  /** The first cell at or after a name, or null. */
  @Nullable VariableBinding next(OID name, boolean inclusive) {
    Rows<R> now = rows.get();
    Cell cell = seek(now, name.getValue(), inclusive);
    return cell == null ? null : read(now, cell);
  }

  private record Cell(int column, int row) {}

  private @Nullable Cell seek(Rows<R> now, int[] name, boolean inclusive) {
    if (now.size() == 0) {
      return null;
    }
    int shared = Math.min(name.length, entry.length);
    int order = Arrays.compareUnsigned(name, 0, shared, entry, 0, shared);
    if (order > 0) {
      return null;
    }
    if (order < 0 || name.length <= entry.length) {
      return new Cell(0, 0);
    }
    int wanted = name[entry.length];
    int column = 0;
    while (column < columns.size()
        && Integer.compareUnsigned(columns.get(column).id(), wanted) < 0) {
      column++;
    }
    if (column == columns.size()) {
      return null;
    }
    if (columns.get(column).id() != wanted) {
      return new Cell(column, 0);
    }
    int row = now.ceiling(Arrays.copyOfRange(name, entry.length + 1, name.length), inclusive);
    if (row < now.size()) {
      return new Cell(column, row);
    }
    return column + 1 < columns.size() ? new Cell(column + 1, 0) : null;
  }

  private VariableBinding read(Rows<R> now, Cell cell) {
    Column<R> column = columns.get(cell.column);
    return new VariableBinding(name(now, cell), column.value().apply(now.row(cell.row)));
  }

  private OID name(Rows<R> now, Cell cell) {
    int[] index = now.index(cell.row);
    int[] name = Arrays.copyOf(entry, entry.length + 1 + index.length);
    name[entry.length] = columns.get(cell.column).id();
    System.arraycopy(index, 0, name, entry.length + 1, index.length);
    return new OID(name);
  }

  @Override
  public MOScope getScope() {
    return scope;
  }

  @Override
  public @Nullable OID find(MOScope range) {
    Rows<R> now = rows.get();
    Cell cell = seek(now, range.getLowerBound().getValue(), range.isLowerIncluded());
    if (cell == null) {
      return null;
    }
    OID name = name(now, cell);
    return within(name, range) ? name : null;
  }

  private static boolean within(OID name, MOScope range) {
    OID upper = range.getUpperBound();
    if (upper == null) {
      return true;
    }
    int order = name.compareTo(upper);
    return order < 0 || (order == 0 && range.isUpperIncluded());
  }

  @Override
  public void get(SubRequest<?> request) {
    OID name = request.getVariableBinding().getOid();
    VariableBinding cell = cell(name);
    if (cell != null) {
      request.getVariableBinding().setVariable(cell.getVariable());
    } else {
      request
          .getVariableBinding()
          .setVariable(hasColumn(name) ? Null.noSuchInstance : Null.noSuchObject);
    }
    request.completed();
  }

  private boolean hasColumn(OID name) {
    return name.size() > entry.length
        && name.startsWith(new OID(entry))
        && columns.stream().anyMatch(column -> column.id() == name.get(entry.length));
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in the interface; the library calls the other one
  public boolean next(SubRequest<?> request) {
    return next(request, name -> true);
  }

  @Override
  public boolean next(SubRequest<?> request, Function<OID, Boolean> filter) {
    MOScope range = request.getScope();
    VariableBinding cell = next(range.getLowerBound(), range.isLowerIncluded());
    while (cell != null && within(cell.getOid(), range)) {
      if (filter.apply(cell.getOid())) {
        request.getVariableBinding().setOid(cell.getOid());
        request.getVariableBinding().setVariable(cell.getVariable());
        request.completed();
        return true;
      }
      cell = next(cell.getOid(), false);
    }
    return false;
  }

  @Override
  public void prepare(SubRequest<?> request) {
    request.setErrorStatus(PDU.noAccess);
  }

  @Override
  public void commit(SubRequest<?> request) {
    request.setErrorStatus(PDU.commitFailed);
  }

  @Override
  public void undo(SubRequest<?> request) {
    request.completed();
  }

  @Override
  public void cleanup(SubRequest<?> request) {
    request.completed();
  }
}
