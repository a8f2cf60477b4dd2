// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.random.RandomGenerator;

/** A seeded source of randomness that remembers the octet strings it gave: keys and nonces. */
final class RecordingRandom implements RandomGenerator {
  final Deque<byte[]> drawn = new ArrayDeque<>();
  private final Random random;

  RecordingRandom(long seed) {
    random = new Random(seed);
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }

  @Override
  public void nextBytes(byte[] bytes) {
    random.nextBytes(bytes);
    drawn.add(bytes.clone());
    if (drawn.size() > 8) {
      drawn.removeFirst();
    }
  }
}
