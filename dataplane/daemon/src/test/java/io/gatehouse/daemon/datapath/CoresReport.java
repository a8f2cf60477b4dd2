// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import io.gatehouse.protocol.aead.VectorWidth;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints how the rate of one flow grows with processors: the real directions over loopback, with
 * workers, and beside it the cipher alone on as many threads, which shows how much of another
 * processor there is to be had at all. Run it on a machine that has nothing else to do, once as it
 * is and once on one processor (taskset(1)):
 *
 * <pre>{@code
 * java @etc/dataplane.jvm -cp "dataplane/daemon/target/test-classes:$(echo dataplane/daemon/target/gatehouse-daemon-*.jar)" \
 *   io.gatehouse.daemon.datapath.CoresReport
 * }</pre>
 */
public final class CoresReport {
  private static final int WARM_SECONDS = 8;
  private static final int ROUNDS = 5;
  private static final long ROUND = 1_000_000_000;
  private static final int PAYLOAD = 1420;

  private CoresReport() {}

  /**
   * Prints medians of interleaved rounds.
   *
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    VectorWidth.takeWidest();
    AeadEngines.Choice choice = AeadEngines.choose("vector");
    AeadEngines.warmUp(choice, () -> {});
    int processors = Runtime.getRuntime().availableProcessors();
    System.out.println(processors + " processors");
    for (int threads = 1; threads <= processors; threads++) {
      cipher(choice, threads, 2 * ROUND);
      System.out.printf(
          "cipher alone, threads %d: %,d packets/s%n", threads, cipher(choice, threads, ROUND));
    }
    List<Path> paths = new ArrayList<>();
    try {
      for (int workers = 0; workers <= 2; workers++) {
        Path path = new Path(choice, workers);
        paths.add(path);
        path.run(WARM_SECONDS * ROUND);
      }
      double[][] rates = new double[paths.size()][ROUNDS];
      double[][] costs = new double[paths.size()][ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < paths.size(); i++) {
          long cpu = cpu();
          long begun = System.nanoTime();
          long packets = paths.get(i).run(ROUND);
          rates[i][round] = packets * 1e9 / (System.nanoTime() - begun);
          costs[i][round] = (double) (cpu() - cpu) / packets;
        }
      }
      for (int i = 0; i < paths.size(); i++) {
        System.out.printf(
            "out and in over loopback, workers %d: %,.0f packets/s, %,.0f ns of processor time for each%n",
            i, median(rates[i]), median(costs[i]));
      }
    } finally {
      for (Path path : paths) {
        path.close();
      }
    }
  }

  private static long cpu() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return ((com.sun.management.OperatingSystemMXBean) system).getProcessCpuTime();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Packets sealed a second by so many threads at the same time. */
  private static long cipher(AeadEngines.Choice choice, int threads, long nanos) throws Exception {
    LongAdder sealed = new LongAdder();
    List<Thread> all = new ArrayList<>();
    long end = System.nanoTime() + nanos;
    for (int i = 0; i < threads; i++) {
      all.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    Aead aead = choice.create();
                    MemorySegment key = Arena.ofAuto().allocate(32, 64);
                    MemorySegment packet = Arena.ofAuto().allocate(2048, 64);
                    long counter = 0;
                    while (System.nanoTime() < end) {
                      for (int n = 0; n < 64; n++) {
                        aead.seal(key, counter++, packet, 0, PAYLOAD);
                      }
                      sealed.add(64);
                    }
                  }));
    }
    for (Thread thread : all) {
      thread.join();
    }
    return sealed.sum() * 1_000_000_000 / nanos;
  }

  /** One flow through both directions, which stands still unless it is run. */
  private static final class Path implements AutoCloseable {
    private final EventFd ready = EventFd.open();
    private final Workers workers;
    private final EndlessFlow flow = new EndlessFlow(ready);
    private final HelpedPath path;

    Path(AeadEngines.Choice choice, int workers) throws Exception {
      ready.signal();
      this.workers = new Workers(workers, choice::create);
      path =
          new HelpedPath(
              flow,
              flow,
              UdpSocket.Options.DEFAULT,
              choice::create,
              this.workers,
              PacketThreads.Sharing.USUAL);
    }

    /** Packets that arrived in so many nanoseconds. */
    long run(long nanos) {
      long before = flow.taken;
      flow.open = true;
      LockSupport.parkNanos(nanos);
      flow.open = false;
      return flow.taken - before;
    }

    @Override
    public void close() {
      path.close();
      workers.close();
      ready.close();
    }
  }
}
