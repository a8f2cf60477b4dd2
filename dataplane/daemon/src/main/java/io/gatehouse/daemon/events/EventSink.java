// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

/** Takes events somewhere. */
public interface EventSink {
  /** Whether anybody would get one now; where nobody would, nothing is looked for. Any thread. */
  boolean isWanted();

  /** Takes one there; on the thread of the events. What cannot be sent is lost. */
  void accept(Event event);
}
