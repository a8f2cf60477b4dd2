// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.uapi.UapiSockets;
import io.gatehouse.linux.Capabilities;
import io.gatehouse.linux.Link;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.Rtnetlink;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code gatehouse-tunnel}: one tunnel steered by its UAPI socket alone, started like wireguard-go.
 * Always in the foreground; going to the background is the starting script's work. It is ready when
 * its socket is there, and ends when that is deleted, as wg-quick(8) does.
 *
 * <p>Environment: {@code WG_TUN_FD} is an open TUN descriptor, one queue, to use instead of making
 * an interface, {@code WG_UAPI_FD} a listening socket to use instead of making one, {@code
 * LOG_LEVEL} is {@code verbose}, {@code debug}, {@code error} or {@code silent}.
 */
public final class TunnelMain {
  private static final Logger LOG = Log.of(TunnelMain.class);
  private static final int MTU = 1420;
  private static final String USAGE = "gatehouse-tunnel [-f|--foreground] INTERFACE | --version";

  private TunnelMain() {}

  /** Serves until it is told to stop; exit status 1 when that could not begin. */
  public static void main(String[] words) {
    if (List.of(words).equals(List.of("--version"))) {
      System.out.println("gatehouse-tunnel " + Version.text());
      return;
    }
    List<String> names = List.of(words).stream().filter(word -> !isForeground(word)).toList();
    if (names.size() != 1 || names.getFirst().startsWith("-")) {
      fail("usage: " + USAGE);
    }
    String name = names.getFirst();
    if (!InterfaceName.isLegal(name)) {
      fail(
          "\""
              + name
              + "\" is no name for an interface: give 1 to 15 letters, digits or _ = + . -");
    }
    try {
      Log.open(logLevel(System.getenv()));
      run(name);
    } catch (IOException | SettingsException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, name + ": failed", e);
      System.exit(1);
    }
  }

  private static void run(String name) throws IOException, SettingsException {
    Settings settings = SettingsSource.open(Map.of()).settings();
    Optional<Integer> descriptor = descriptor("WG_TUN_FD");
    Optional<Integer> listener = descriptor("WG_UAPI_FD");
    if (descriptor.isEmpty()) {
      List<String> problems = Capabilities.problems();
      if (!problems.isEmpty()) {
        throw new IOException(String.join("\n", problems));
      }
    }
    Lifetime lifetime = new Lifetime(Lifetime.USUAL_PATIENCE);
    PacketPath path = PacketPath.choose(settings);
    TunDevice.Offloads offloads = PacketPath.offloads(settings);
    List<TunDevice> queues =
        descriptor.isPresent()
            ? List.of(TunDevice.adopt(descriptor.get(), offloads))
            : create(name, offloads, path.options().queues());
    try (Tunnel tunnel = Tunnel.start(queues, path.options());
        UapiSockets sockets = UapiSockets.open(settings.uapiDirectory())) {
      String actual = tunnel.name();
      tunnel.ended().whenComplete((ended, failure) -> lifetime.end());
      Runnable gone =
          () -> {
            LOG.info(actual + ": the UAPI socket was deleted, so the tunnel ends");
            lifetime.end();
          };
      if (listener.isPresent()) {
        sockets.adopt(listener.get(), actual, PacketPath.steered(tunnel), gone);
      } else {
        sockets.serve(actual, PacketPath.steered(tunnel), gone);
      }
      LOG.info(actual + ": ready");
      path.warmUp();
      lifetime.await();
    }
    lifetime.exit(0);
  }

  /** With wireguard-go's MTU, which who starts a tunnel without wg-quick counts on. */
  private static List<TunDevice> create(String name, TunDevice.Offloads offloads, int count)
      throws LinuxException {
    List<TunDevice> queues = TunDevice.openQueues(name, offloads, count);
    try (Rtnetlink rtnetlink = Rtnetlink.open()) {
      Optional<Link> link = rtnetlink.linkByName(queues.getFirst().name());
      if (link.isPresent()) {
        rtnetlink.setMtu(link.get().index(), MTU);
      }
      return queues;
    } catch (LinuxException e) {
      queues.forEach(TunDevice::close);
      throw e;
    }
  }

  private static boolean isForeground(String word) {
    return word.equals("-f") || word.equals("--foreground");
  }

  private static Optional<Integer> descriptor(String variable) throws SettingsException {
    String text = System.getenv(variable);
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      throw new SettingsException(
          variable + " = \"" + text + "\" (environment) is no descriptor: give its number");
    }
  }

  /** As wireguard-go reads it: errors only, unless told otherwise. */
  static Level logLevel(Map<String, String> environment) {
    return switch (environment.getOrDefault("LOG_LEVEL", "")) {
      case "verbose", "debug" -> Level.FINE;
      case "silent" -> Level.OFF;
      default -> Level.SEVERE;
    };
  }

  private static void fail(String message) {
    System.err.println("gatehouse-tunnel: " + message);
    System.exit(1);
  }
}
