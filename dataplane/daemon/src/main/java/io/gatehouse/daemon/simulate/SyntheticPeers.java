// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.daemon.simulate.Scenario.Role;
import io.gatehouse.protocol.aead.Aead;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All peers of a scenario, on one thread. */
final class SyntheticPeers implements Closeable {
  /** How often they do something. */
  static final int TICK_MILLIS = 100;

  private static final Logger LOG = System.getLogger(SyntheticPeers.class.getName());

  private final Selector selector;
  private final List<SyntheticPeer> peers = new ArrayList<>();
  private final Set<String> troubles = new HashSet<>();
  private final Thread thread;
  private volatile boolean closed;

  private SyntheticPeers(Selector selector, List<Role> roles, Aead aead) {
    this.selector = selector;
    long now = System.nanoTime();
    for (Role role : roles) {
      peers.add(new SyntheticPeer(role, peers.size(), selector, aead, now));
    }
    thread = Thread.ofPlatform().daemon().name("synthetic-peers").unstarted(this::run);
  }

  /**
   * Lets them begin.
   *
   * @param aead their own
   */
  static SyntheticPeers start(List<Role> roles, Aead aead) throws IOException {
    SyntheticPeers peers = new SyntheticPeers(Selector.open(), roles, aead);
    peers.thread.start();
    return peers;
  }

  private void run() {
    long start = System.nanoTime();
    long tick = 0;
    while (!closed) {
      try {
        long wait = start / 1_000_000 + tick * TICK_MILLIS - System.nanoTime() / 1_000_000;
        if (wait > 0) {
          int _ = selector.select(this::receive, wait);
        } else {
          int _ = selector.selectNow(this::receive);
          tick(tick);
          // After a pause of the machine no tick is made up for.
          tick = Math.max(tick + 1, (System.nanoTime() - start) / 1_000_000 / TICK_MILLIS);
        }
      } catch (IOException e) {
        say(e);
      }
    }
  }

  private void tick(long tick) {
    for (SyntheticPeer peer : peers) {
      try {
        peer.tick(tick, System.nanoTime());
      } catch (IOException | RuntimeException e) {
        say(e);
      }
    }
  }

  private void receive(SelectionKey key) {
    try {
      if (key.attachment() instanceof SyntheticPeer peer) {
        peer.receive(System.nanoTime());
      }
    } catch (IOException | RuntimeException e) {
      say(e);
    }
  }

  /** Once, not with each tick. */
  private void say(Exception trouble) {
    if (troubles.add(String.valueOf(trouble.getMessage()))) {
      LOG.log(Level.WARNING, "a simulated peer is in trouble", trouble);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
      for (SyntheticPeer peer : peers) {
        peer.close();
      }
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a simulated peer", e);
    }
  }
}
