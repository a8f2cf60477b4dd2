// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.daemon.datapath.HandshakeRehearsal;
import io.gatehouse.daemon.datapath.Rehearsal;
import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.daemon.datapath.Workers;
import io.gatehouse.daemon.uapi.UapiDevice;
import io.gatehouse.linux.Background;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.Processor;
import io.gatehouse.linux.SpareTime;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DiffieHellman;
import io.gatehouse.protocol.InvalidChangeException;
import io.gatehouse.protocol.aead.AeadEngines;
import io.gatehouse.protocol.aead.VectorWidth;
import java.time.Duration;
import java.util.Locale;
import java.util.logging.Logger;

/** What both main programs need of the packet path. */
final class PacketPath {
  private static final Logger LOG = Logger.getLogger(PacketPath.class.getName());

  /** Time enough for the compiler on one slow core; it is over sooner when nothing gets faster. */
  private static final Duration REHEARSAL = Duration.ofSeconds(20);

  /** How long the compiler may take for the vectors of Diffie-Hellman; a second on a free core. */
  private static final Duration DIFFIE_HELLMAN = Duration.ofSeconds(20);

  /** Enough for the compiler to see where their time goes; a sixth of a second once it did. */
  private static final int HANDSHAKES = 300;

  private final TunnelOptions options;
  private final AeadEngines.Choice engine;
  private final boolean rehearsal;
  private boolean warmed;

  private PacketPath(TunnelOptions options, AeadEngines.Choice engine, boolean rehearsal) {
    this.options = options;
    this.engine = engine;
    this.rehearsal = rehearsal;
  }

  /** Chooses the cipher engine. */
  static PacketPath choose(Settings settings) {
    if (Processor.hasWholeWideVectors()) {
      VectorWidth.takeWidest();
    }
    AeadEngines.Choice engine =
        AeadEngines.choose(settings.aeadEngine().name().toLowerCase(Locale.ROOT));
    engine
        .rejected()
        .forEach(
            rejection ->
                LOG.warning(
                    "cipher engine " + rejection.engine() + " is not used: " + rejection.reason()));
    int processors = Runtime.getRuntime().availableProcessors();
    UdpSocket.Options defaults = UdpSocket.Options.DEFAULT;
    return new PacketPath(
        new TunnelOptions(
            new UdpSocket.Options(
                settings.udpGso(),
                settings.udpGro(),
                defaults.sendBuffer(),
                defaults.receiveBuffer(),
                false),
            engine::create,
            settings.queues().orElse(Cores.queues(processors)),
            new Workers(settings.workers().orElse(Cores.workers(processors)), engine::create)),
        engine,
        settings.rehearsal());
  }

  /** How tunnels move packets. */
  TunnelOptions options() {
    return options;
  }

  /** A machine that is never idle for so long gets its rehearsal all the same. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Gets the path compiled on a thread of its own, beside tunnels that serve already: after a crash
   * a slow packet is worth more than a fast one some seconds later. While the tunnels have much to
   * do it waits: then what they carry gets their code compiled, and that comes first. Many
   * handshakes do not wait for that, as nothing but faster ones makes time. Once only.
   */
  void warmUp() {
    if (warmed) {
      return;
    }
    warmed = true;
    DiffieHellman.whenWanted(
        () -> Thread.ofPlatform().daemon().name("vectors").start(() -> vectors(() -> {})));
    var _ =
        Thread.ofPlatform()
            .daemon()
            .name("rehearsal")
            .start(
                () -> {
                  Background.enter(); // what the tunnels carry already comes first
                  if (rehearsal) {
                    rehearse(SpareTime.ofThisMachine(PATIENCE)::await);
                  }
                  Thrift.practise();
                });
  }

  /**
   * The same on the calling thread.
   *
   * @param between called again and again on the way, and may wait
   */
  void rehearse(Runnable between) {
    long start = System.nanoTime();
    try {
      LOG.info(engine.settle(between));
      long settled = System.nanoTime();
      long packets = Rehearsal.run(options, REHEARSAL, between);
      vectors(between);
      int handshakes = HandshakeRehearsal.run(HANDSHAKES, between);
      LOG.fine(
          () ->
              "cipher engine settled after "
                  + (settled - start) / 1_000_000
                  + " ms, "
                  + packets
                  + " packets and "
                  + handshakes
                  + " handshakes rehearsed in "
                  + (System.nanoTime() - settled) / 1_000_000
                  + " ms");
    } catch (LinuxException | RuntimeException e) {
      // The first real packets warm the path then; a tunnel says for itself what it cannot have.
      LOG.fine(() -> "no rehearsal: " + e.getMessage());
    }
  }

  private static void vectors(Runnable between) {
    LOG.info(DiffieHellman.settle(DIFFIE_HELLMAN, between));
  }

  /** Which super-packets to ask the kernel for. */
  static TunDevice.Offloads offloads(Settings settings) {
    return new TunDevice.Offloads(settings.tunTso(), settings.tunUso());
  }

  /** A tunnel as its UAPI socket steers it. */
  static UapiDevice steered(Tunnel tunnel) {
    return new UapiDevice() {
      @Override
      public DeviceSnapshot snapshot() {
        return tunnel.snapshot();
      }

      @Override
      public void apply(DeviceChange change) throws LinuxException {
        try {
          tunnel.apply(change);
        } catch (InvalidChangeException e) {
          throw new LinuxException(Errno.EINVAL, String.valueOf(e.getMessage()), "");
        }
      }
    };
  }
}
