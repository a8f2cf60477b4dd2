// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A count that one thread raises and any thread may read. Only rises. */
final class Counter {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Opaque and not atomic: with one writer nothing is lost, and the packet path pays a plain add.
  private long value;

  /** Writer thread only. */
  void add(long n) {
    VALUE.setOpaque(this, value + n);
  }

  long get() {
    return (long) VALUE.getOpaque(this);
  }
}
