// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real loops over real loopback sockets, with and without offloads. */
class RehearsalTest {
  /** An interpreted cipher on a busy machine; it is over sooner when nothing gets faster. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);

  @ParameterizedTest
  @ValueSource(strings = {"vector", "bouncycastle"})
  void packetsOfAllKindsGoAllTheWay(String engine) throws Exception {
    Supplier<Aead> aead = AeadEngines.choose(engine)::create;

    long packets =
        Rehearsal.run(new TunnelOptions(UdpSocket.Options.DEFAULT, aead), LONG_ENOUGH, () -> {});

    assertThat(packets).isGreaterThan(200);
  }

  @Test
  void itWorksWithoutSocketOffloadsToo() throws Exception {
    Supplier<Aead> aead = AeadEngines.choose("auto")::create;

    long packets =
        Rehearsal.run(new TunnelOptions(UdpSocket.Options.PLAIN, aead), LONG_ENOUGH, () -> {});

    assertThat(packets).isGreaterThan(200);
  }

  @Test
  void itEndsEarlyWhereRealTrafficDoesTheSame() throws Exception {
    TunnelOptions options =
        new TunnelOptions(UdpSocket.Options.DEFAULT, AeadEngines.choose("auto")::create);
    options.carried().add(new Busy());

    long packets = Rehearsal.run(options, LONG_ENOUGH, () -> {});

    assertThat(packets).isLessThan(Rehearsal.AT_LEAST);
  }

  /** Took half a gigabyte more each time that it is asked. */
  private static final class Busy implements Direction {
    private long octets;

    @Override
    public long octets() {
      octets += 512 << 20;
      return octets;
    }

    @Override
    public Found turn(boolean alone) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int fd() {
      throw new UnsupportedOperationException();
    }

    @Override
    public EventFd wake() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isHelped() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void settle() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void end() {
      throw new UnsupportedOperationException();
    }
  }
}
