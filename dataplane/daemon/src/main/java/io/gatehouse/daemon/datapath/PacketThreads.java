// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.daemon.datapath.Direction.Found;
import io.gatehouse.linux.Background;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The two threads of a {@link QueuePair}, and which of them takes packets along which way.
 *
 * <p>The first one leads: it receives, and as long as it manages both it transmits as well. So an
 * answer that the kernel gives while a packet is written to the device (an echo, an
 * acknowledgement) is met by a thread that is awake; waking one costs more than all that is done
 * with the packet. When there is much both ways, or workers have to help, it lends the transmit
 * direction to the second one, which sleeps otherwise, and gets it back when that has little to do.
 *
 * <p>A direction changes hands only between two of its turns, by one volatile word, so each is used
 * by one thread at a time and its packets stay in order.
 */
final class PacketThreads {
  private static final Logger LOG = System.getLogger(PacketThreads.class.getName());
  private static final long PAUSE = 100_000_000;
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** Its place in {@link #both}. */
  private static final int RECEIVE = 0;

  /** Whose the transmit direction is. */
  private enum Transmitting {
    FIRST,
    SECOND,
    /** The first one's for good: the second has ended. */
    FIRST_ALONE
  }

  /**
   * When the transmit direction changes hands.
   *
   * @param lendAt lent when so many octets have gone either way without a pause
   * @param patience given back after so many nanoseconds with nothing to transmit
   * @param keep how many nanoseconds pass before the second thread looks whether it still has
   *     enough to do
   */
  record Sharing(long lendAt, long patience, long keep) {
    /** On one processor two threads manage no more than one. */
    static final Sharing USUAL =
        new Sharing(PROCESSORS > 1 ? 256 * 1024 : Long.MAX_VALUE, 2_000_000, 10_000_000);
  }

  /** Lent when the lesser direction has one part of so many of the greater's octets. */
  private static final int LEND_PART = 8;

  /** Given back when it has less than one part of so many. */
  private static final int KEEP_PART = 16;

  /** What was long ago does not count, even where there was no pause since; octets. */
  private static final long STRETCH = 16 << 20;

  private final Direction receive;
  private final Direction transmit;
  private final Sharing sharing;
  private final AtomicReference<Transmitting> transmitting =
      new AtomicReference<>(Transmitting.FIRST);
  private final Thread first;
  private final Thread second;
  private volatile boolean stopped;

  // The first thread's.
  private final Watch both;

  /** Whether it has waited for {@link #both} since its last turns. */
  private boolean woken;

  private final Watch receiving;
  private long receivedBefore;
  private long sentBefore;

  /** An error may have left something half done. */
  private boolean unsettled;

  // The second thread's.
  private final Watch sending;

  /**
   * Threads that have not started yet.
   *
   * @param name what they are called, and "-receive" and "-transmit" after that
   * @param background whether they shall give way to everything else, and to the end of the process
   */
  PacketThreads(
      String name, Direction receive, Direction transmit, boolean background, Sharing sharing) {
    this.receive = receive;
    this.transmit = transmit;
    this.sharing = sharing;
    both = new Watch(receive, transmit);
    receiving = new Watch(receive);
    sending = new Watch(transmit);
    first = thread(name + "-receive", background, this::lead);
    second = thread(name + "-transmit", background, this::assist);
  }

  void start() {
    first.start();
    second.start();
  }

  /** Any thread: ends the threads soon. */
  void stop() {
    stopped = true;
    receive.wake().signal();
    transmit.wake().signal();
    LockSupport.unpark(second);
  }

  /** Returns when the threads have ended after {@link #stop}, or were never started. */
  void join() {
    Threads.join(first);
    Threads.join(second);
  }

  private static Thread thread(String name, boolean background, Runnable run) {
    return Thread.ofPlatform()
        .name(name)
        .daemon(background)
        .unstarted(
            () -> {
              if (background) {
                Background.enter();
              }
              run.run();
            });
  }

  private void lead() {
    try {
      while (!stopped || isLent()) {
        try {
          if (unsettled) {
            settle();
          }
          round();
        } catch (RuntimeException | Error e) {
          goOnAfter(e);
          unsettled = true;
        }
      }
      receive.settle();
      transmit.settle();
    } finally {
      receive.end();
      transmit.end();
    }
  }

  private void settle() {
    receive.settle();
    if (!isLent()) {
      transmit.settle();
    }
    unsettled = false;
  }

  private boolean isLent() {
    return transmitting.get() == Transmitting.SECOND;
  }

  /**
   * A turn of each direction, or the wait for one. Apart from the loop: the VM puts compiled code
   * in place when a method is called, and a loop that began before it was compiled would stay slow
   * for long.
   *
   * <p>What comes alone, to a thread that waited for it, goes the shortest way: no look where
   * nothing has come, and none for more before the next wait. Each is a system call, and costs
   * several times as much on a processor that has slept.
   */
  private void round() {
    boolean wasWoken = woken;
    woken = false;
    Found received = wasWoken && !both.has(RECEIVE) ? Found.NOTHING : receive.turn(false);
    if (isLent()) {
      beginStretch();
      if (received == Found.NOTHING) {
        receiving.await(-1);
      }
      return;
    }
    // Always: what was received may have been answered.
    boolean alone = wasWoken && both.slept() && received != Found.MORE;
    Found sent = transmit.turn(alone);
    boolean nothing = received == Found.NOTHING && sent == Found.NOTHING;
    if (nothing || alone && sent != Found.MORE) {
      beginStretch();
      both.await(-1);
      woken = true;
    } else {
      lend();
    }
  }

  private void beginStretch() {
    receivedBefore = receive.octets();
    sentBefore = transmit.octets();
  }

  /** Lends the transmit direction when one thread has more than it manages. */
  private void lend() {
    if ((isMuchBothWays() || receive.isHelped() || transmit.isHelped())
        && !stopped
        && transmitting.compareAndSet(Transmitting.FIRST, Transmitting.SECOND)) {
      LockSupport.unpark(second);
    }
  }

  private boolean isMuchBothWays() {
    long received = receive.octets() - receivedBefore;
    long sent = transmit.octets() - sentBefore;
    if (received + sent > STRETCH) {
      beginStretch();
    }
    long lesser = Math.min(received, sent);
    return lesser >= sharing.lendAt && lesser >= (received + sent - lesser) / LEND_PART;
  }

  private void assist() {
    while (isWanted()) {
      if (!isLent()) {
        LockSupport.park(this);
        continue;
      }
      try {
        transmitUntilQuiet();
      } catch (RuntimeException | Error e) {
        goOnAfter(e);
      } finally {
        giveBack();
      }
    }
  }

  /** Second thread: false when it has nothing more to do, ever. */
  private boolean isWanted() {
    return !stopped || !transmitting.compareAndSet(Transmitting.FIRST, Transmitting.FIRST_ALONE);
  }

  private void transmitUntilQuiet() {
    long receivedAt = receive.octets();
    long sentAt = transmit.octets();
    long lookAt = System.nanoTime() + sharing.keep;
    do {
      while (transmit.turn(false) != Found.NOTHING) {
        if (stopped) {
          return;
        }
      }
      if (System.nanoTime() - lookAt >= 0 && !transmit.isHelped() && !receive.isHelped()) {
        long received = receive.octets() - receivedAt;
        long sent = transmit.octets() - sentAt;
        long lesser = Math.min(received, sent);
        if (lesser < (received + sent - lesser) / KEEP_PART) {
          return;
        }
        receivedAt += received;
        sentAt += sent;
        lookAt = System.nanoTime() + sharing.keep;
      }
    } while (!stopped && sending.await(sharing.patience));
  }

  private void giveBack() {
    try {
      transmit.settle();
    } catch (RuntimeException | Error e) {
      goOnAfter(e);
    } finally {
      transmitting.set(Transmitting.FIRST);
      receive.wake().signal();
    }
  }

  /** One bad packet must not end the tunnel; the pause keeps a log readable. */
  private static void goOnAfter(Throwable e) {
    LOG.log(Level.ERROR, Thread.currentThread().getName() + " goes on after an error", e);
    LockSupport.parkNanos(PAUSE);
  }
}
