// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.snmp4j.agent.DefaultMOScope;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

class LiveTableTest {
  private static final OID ENTRY = new OID("1.3.6.1.4.1.99.5.1");

  private record Row(List<Integer> index) {
    int[] subIds() {
      return index.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  private static final List<Column<Row>> COLUMNS =
      List.of(
          Column.integer(7, row -> row.index().hashCode()),
          Column.text(2, row -> row.index().toString()),
          Column.counter64(4, row -> row.index().size()));

  private Rows<Row> rows = Rows.of(List.of(), Row::subIds);
  private final LiveTable<Row> table = new LiveTable<>(ENTRY, COLUMNS, () -> rows);

  private void rows(List<Row> to) {
    rows = Rows.of(to, Row::subIds);
  }

  private List<VariableBinding> walk() {
    List<VariableBinding> seen = new ArrayList<>();
    VariableBinding at = table.next(ENTRY, true);
    while (at != null) {
      seen.add(at);
      at = table.next(at.getOid(), false);
    }
    return seen;
  }

  @Test
  void walkGoesColumnByColumnAndRowByRow() {
    rows(List.of(new Row(List.of(9, 1)), new Row(List.of(2, 10)), new Row(List.of(2, 9))));

    assertThat(walk())
        .extracting(cell -> cell.getOid().toString())
        .containsExactly(
            ENTRY + ".2.2.9",
            ENTRY + ".2.2.10",
            ENTRY + ".2.9.1",
            ENTRY + ".4.2.9",
            ENTRY + ".4.2.10",
            ENTRY + ".4.9.1",
            ENTRY + ".7.2.9",
            ENTRY + ".7.2.10",
            ENTRY + ".7.9.1");
  }

  @Test
  void tableWithoutRowsIsSilent() {
    assertThat(walk()).isEmpty();
    assertThat(table.cell(new OID(ENTRY + ".2.1"))).isNull();
  }

  @Test
  void subIdentifiersAboveTwoToThe31AreLarge() {
    rows(List.of(new Row(List.of(-1)), new Row(List.of(1)), new Row(List.of(Integer.MIN_VALUE))));

    assertThat(walk().subList(0, 3))
        .extracting(cell -> cell.getOid().toString())
        .containsExactly(ENTRY + ".2.1", ENTRY + ".2.2147483648", ENTRY + ".2.4294967295");
  }

  @Test
  void nextIsTheFirstGreaterNameWhereverOneAsks() {
    Random random = new Random(20261122);
    for (int round = 0; round < 20; round++) {
      TreeMap<OID, Row> known = new TreeMap<>();
      for (int i = random.nextInt(30); i > 0; i--) {
        Row row = new Row(random.ints(random.nextInt(1, 4), 0, 6).boxed().toList());
        known.put(new OID(row.subIds()), row);
      }
      rows(List.copyOf(known.values()));
      TreeMap<OID, VariableBinding> cells = new TreeMap<>();
      walk().forEach(cell -> cells.put(cell.getOid(), cell));
      assertThat(cells).hasSize(3 * known.size());

      for (int probe = 0; probe < 500; probe++) {
        OID name = probe(random);
        assertThat(table.next(name, false))
            .as("after %s", name)
            .isEqualTo(value(cells.higherEntry(name)));
        assertThat(table.next(name, true))
            .as("from %s", name)
            .isEqualTo(value(cells.ceilingEntry(name)));
        assertThat(table.cell(name)).as("at %s", name).isEqualTo(cells.get(name));
        assertThat(table.find(new DefaultMOScope(name, true, null, false)))
            .isEqualTo(cells.ceilingKey(name));
      }
    }
  }

  private static VariableBinding value(java.util.Map.Entry<OID, VariableBinding> entry) {
    return entry == null ? null : entry.getValue();
  }

  private static OID probe(Random random) {
    int[] name = ENTRY.getValue();
    int keep = random.nextInt(4) == 0 ? random.nextInt(1, name.length + 1) : name.length;
    IntStream head = IntStream.of(name).limit(keep);
    IntStream tail = random.ints(random.nextInt(0, 6), -1, 9);
    return new OID(IntStream.concat(head, tail).toArray());
  }

  @Test
  void walkSurvivesRowsThatComeAndGo() {
    rows(IntStream.range(0, 100).mapToObj(i -> new Row(List.of(i))).toList());
    Random random = new Random(7);
    List<OID> seen = new ArrayList<>();
    VariableBinding at = table.next(ENTRY, true);
    while (at != null) {
      seen.add(at.getOid());
      // Even rows stay; odd ones come and go.
      rows(
          IntStream.range(0, 100)
              .filter(i -> i % 2 == 0 || random.nextBoolean())
              .mapToObj(i -> new Row(List.of(i)))
              .toList());
      at = table.next(at.getOid(), false);
    }

    assertThat(seen).isSorted().doesNotHaveDuplicates();
    for (int column : new int[] {2, 4, 7}) {
      for (int i = 0; i < 100; i += 2) {
        assertThat(seen).contains(new OID(ENTRY).append(column).append(i));
      }
    }
  }

  @Test
  void findStaysWithinItsRange() {
    rows(List.of(new Row(List.of(5))));
    OID cell = new OID(ENTRY + ".2.5");

    assertThat(table.find(new DefaultMOScope(ENTRY, true, cell, true))).isEqualTo(cell);
    assertThat(table.find(new DefaultMOScope(ENTRY, true, cell, false))).isNull();
  }

  @Test
  void twoRowsWithOneIndexAreAMistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rows(List.of(new Row(List.of(5)), new Row(List.of(5)))));
  }

  @Test
  void scalarsAreATableWithTheIndexZero() {
    Rows<String> row = Rows.scalars("x");
    LiveTable<String> group =
        new LiveTable<>(ENTRY, List.of(Column.text(1, x -> x), Column.text(3, x -> x)), () -> row);

    assertThat(group.cell(new OID(ENTRY + ".1.0"))).isNotNull();
    assertThat(group.cell(new OID(ENTRY + ".1"))).isNull();
    assertThat(group.next(new OID(ENTRY + ".1.0"), false).getOid())
        .isEqualTo(new OID(ENTRY + ".3.0"));
  }
}
