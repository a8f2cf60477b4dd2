// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class NativeHeapTest {
  private static final int BLOCKS = 640;
  private static final int BLOCK = 64 << 10;

  @Test
  void memoryThatWasGivenBackLeavesTheProcess() throws IOException {
    Deque<Arena> arenas = new ArrayDeque<>();
    for (int i = 0; i < BLOCKS; i++) {
      Arena arena = Arena.ofConfined();
      // All pages of it are touched, since it comes zeroed.
      arena.allocate(BLOCK);
      arenas.push(arena);
    }
    try (Arena last = arenas.pop()) {
      // The last block stays, so that the C library does not trim of itself.
      arenas.forEach(Arena::close);
      long before = residentKib();
      assertThat(NativeHeap.trim()).isTrue();
      assertThat(before - residentKib()).isGreaterThan(BLOCKS * (BLOCK >> 10) / 2);
      assertThat(last.scope().isAlive()).isTrue();
    }
  }

  private static long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
