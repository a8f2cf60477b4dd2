// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.daemon.datapath.Rehearsal;
import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.daemon.uapi.UapiDevice;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.InvalidChangeException;
import io.gatehouse.protocol.aead.AeadEngines;
import java.time.Duration;
import java.util.Locale;
import java.util.logging.Logger;

/** What both main programs need of the packet path. */
final class PacketPath {
  private static final Logger LOG = Logger.getLogger(PacketPath.class.getName());

  /** A tunnel must not be kept waiting longer than this for the sake of its first seconds. */
  private static final Duration REHEARSAL = Duration.ofMillis(2500);

  private PacketPath() {}

  /** Chooses the cipher engine, warms it up, and says how tunnels move packets from now on. */
  static TunnelOptions options(Settings settings) {
    AeadEngines.Choice choice =
        AeadEngines.choose(settings.aeadEngine().name().toLowerCase(Locale.ROOT));
    choice
        .rejected()
        .forEach(
            rejection ->
                LOG.warning(
                    "cipher engine " + rejection.engine() + " is not used: " + rejection.reason()));
    long start = System.nanoTime();
    boolean warm = AeadEngines.warmUp(choice);
    LOG.fine(
        () ->
            "cipher engine "
                + choice.name()
                + (warm ? ", warm after " : ", not free of allocation after ")
                + (System.nanoTime() - start) / 1_000_000
                + " ms");
    UdpSocket.Options defaults = UdpSocket.Options.DEFAULT;
    TunnelOptions options =
        new TunnelOptions(
            new UdpSocket.Options(
                settings.udpGso(),
                settings.udpGro(),
                defaults.sendBuffer(),
                defaults.receiveBuffer()),
            choice.factory());
    rehearse(options);
    return options;
  }

  private static void rehearse(TunnelOptions options) {
    long start = System.nanoTime();
    try {
      long packets = Rehearsal.run(options, REHEARSAL);
      LOG.fine(
          () ->
              "rehearsed with "
                  + packets
                  + " packets in "
                  + (System.nanoTime() - start) / 1_000_000
                  + " ms");
    } catch (LinuxException e) {
      // The first real packets warm the path then; a tunnel says for itself what it cannot have.
      LOG.fine(() -> "no rehearsal: " + e.getMessage());
    }
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
