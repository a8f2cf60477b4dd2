// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What waits to be sent to one client. Bounded: answers make the asking thread wait, and of
 * statuses to notify of only the newest is kept. Thread-safe.
 */
final class Outbox {
  private static final int MOST_ANSWERS = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<String> answers = new ArrayDeque<>();
  private Optional<Supplier<String>> notification = Optional.empty();
  private boolean closed;

  /** Queues an answer; waits while there are too many. */
  void answer(String line) throws InterruptedException {
    lock.lock();
    try {
      while (answers.size() >= MOST_ANSWERS && !closed) {
        changed.await();
      }
      answers.add(line);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a notification in the place of one that still waits. Never waits.
   *
   * @param line asked once, by the sending thread, when its turn has come; never if another one
   *     takes its place before
   */
  void notification(Supplier<String> line) {
    lock.lock();
    try {
      notification = Optional.of(line);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whatever waits to be told is not told any more. */
  void forgetNotification() {
    lock.lock();
    try {
      notification = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next line to send, answers first; empty when closed and sent. */
  Optional<String> take() throws InterruptedException {
    return next().map(Supplier::get);
  }

  private Optional<Supplier<String>> next() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        if (!answers.isEmpty()) {
          changed.signalAll();
          String answer = answers.remove();
          return Optional.of(() -> answer);
        }
        if (closed) {
          return Optional.empty();
        }
        if (notification.isPresent()) {
          Optional<Supplier<String>> newest = notification;
          notification = Optional.empty();
          return newest;
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the sender end once the answers are sent. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
