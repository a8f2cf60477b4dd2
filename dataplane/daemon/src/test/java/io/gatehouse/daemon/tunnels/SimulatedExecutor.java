// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs tasks in the calling thread, when the test lets time pass. */
final class SimulatedExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private static final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final long at;

    Task(Runnable task, long at) {
      super(task, null);
      this.at = at;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(at, other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long now;

  /** The simulated clock, in nanoseconds. */
  long now() {
    return now;
  }

  /** Lets time pass, and runs what becomes due meanwhile. */
  void pass(long amount, TimeUnit unit) {
    long end = now + unit.toNanos(amount);
    while (!tasks.isEmpty() && tasks.peek().at <= end) {
      Task task = tasks.remove();
      now = task.at;
      task.run();
    }
    now = end;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(new Task(task, now));
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    Task scheduled = new Task(task, now + unit.toNanos(delay));
    tasks.add(scheduled);
    return scheduled;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long delay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long delay, long pause, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {
    tasks.clear();
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<Runnable> rest = new ArrayList<>(tasks);
    tasks.clear();
    return rest;
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
