// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.SMIConstants;
import org.snmp4j.smi.Variable;

/**
 * One readable column of a table.
 *
 * @param <R> what a row is read from
 * @param id the column's sub-identifier
 * @param syntax SMI type of every cell, a constant of {@link SMIConstants}
 * @param value reads the cell at the time of the request
 */
record Column<R>(int id, int syntax, Function<R, Variable> value) {
  private static final long UNSIGNED_32 = 0xFFFF_FFFFL;

  /** A count that wraps at 2^64. */
  static <R> Column<R> counter64(int id, ToLongFunction<R> value) {
    return new Column<>(
        id, SMIConstants.SYNTAX_COUNTER64, row -> new Counter64(value.applyAsLong(row)));
  }

  /** The same count as a 64-bit one, modulo 2^32. */
  static <R> Column<R> counter32(int id, ToLongFunction<R> value) {
    return new Column<>(
        id,
        SMIConstants.SYNTAX_COUNTER32,
        row -> new Counter32(value.applyAsLong(row) & UNSIGNED_32));
  }

  /**
   * A level; values beyond 2^32-1 stay at 2^32-1. Gauge32 and Unsigned32 are the same on the wire.
   */
  static <R> Column<R> gauge32(int id, ToLongFunction<R> value) {
    return new Column<>(
        id,
        SMIConstants.SYNTAX_GAUGE32,
        row -> new Gauge32(Math.clamp(value.applyAsLong(row), 0L, UNSIGNED_32)));
  }

  /** A signed number or an enumeration. */
  static <R> Column<R> integer(int id, ToIntFunction<R> value) {
    return new Column<>(
        id, SMIConstants.SYNTAX_INTEGER, row -> new Integer32(value.applyAsInt(row)));
  }

  /** TruthValue of RFC 2579: true is 1, false is 2. */
  static <R> Column<R> truth(int id, Function<R, Boolean> value) {
    return integer(id, row -> value.apply(row) ? 1 : 2);
  }

  /** Octets. */
  static <R> Column<R> octets(int id, Function<R, OctetString> value) {
    return new Column<>(id, SMIConstants.SYNTAX_OCTET_STRING, value::apply);
  }

  /** Text in UTF-8, cut between characters to at most 255 octets. */
  static <R> Column<R> text(int id, Function<R, String> value) {
    return octets(id, row -> utf8(value.apply(row)));
  }

  /** Text in UTF-8, cut between characters to at most 255 octets. */
  static OctetString utf8(String text) {
    String cut = text;
    byte[] octets = cut.getBytes(StandardCharsets.UTF_8);
    while (octets.length > 255) {
      cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
      octets = cut.getBytes(StandardCharsets.UTF_8);
    }
    return new OctetString(octets);
  }
}
