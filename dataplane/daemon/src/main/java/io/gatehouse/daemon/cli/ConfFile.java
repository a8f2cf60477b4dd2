// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.daemon.cli.WgInterface.WgPeer;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgConfig;
import io.gatehouse.wgquick.WgFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Configuration files of wg(8), read from a path and written from a running interface. */
final class ConfFile {
  private ConfFile() {}

  /**
   * Reads one; what is to be said of it goes to standard error.
   *
   * @throws Failure if it is not there or has an error
   */
  static WgConfig read(String path, Streams streams) throws Failure {
    byte[] bytes;
    try (InputStream stream = Files.newInputStream(Path.of(path))) {
      bytes = stream.readAllBytes();
    } catch (NoSuchFileException e) {
      throw new Failure("fopen: No such file or directory", path + " is not there.");
    } catch (AccessDeniedException e) {
      throw new Failure("fopen: Permission denied", path + " may not be read by this user.");
    } catch (IOException e) {
      throw new Failure("fopen: " + e.getMessage(), "See to " + path + ".");
    }
    WgFile file = WgFile.parse(path, bytes);
    for (Finding finding : file.findings()) {
      if (finding.severity() != Finding.Severity.NOTE) {
        streams.err().println(finding);
      }
    }
    return file.config().orElseThrow(() -> new Failure("Configuration parsing error", ""));
  }

  /** {@code showconf}: a running interface as such a file. Holds keys in clear. */
  static String show(WgInterface running) {
    return of(running, Map.of()).showconf();
  }

  /**
   * A running interface, to be saved in a file.
   *
   * @param file what it says: an endpoint by name stays while the peer still is where it points
   */
  static WgConfig of(WgInterface running, TunnelConfig file) {
    Map<PublicKey, EndpointAddress> names = new HashMap<>();
    for (PeerConfig peer : file.peers()) {
      peer.endpoint().ifPresent(endpoint -> names.put(peer.publicKey(), endpoint));
    }
    return of(running, names);
  }

  private static WgConfig of(WgInterface running, Map<PublicKey, EndpointAddress> names) {
    return new WgConfig(
        running.privateKey(),
        OptionalInt.of(running.listenPort()),
        OptionalInt.of(running.fwMark()),
        running.peers().stream().map(peer -> peer(peer, names)).toList());
  }

  private static PeerConfig peer(WgPeer peer, Map<PublicKey, EndpointAddress> names) {
    EndpointAddress name = names.get(peer.publicKey());
    Optional<EndpointAddress> now = endpoint(peer.endpoint());
    return new PeerConfig(
        peer.publicKey(),
        peer.presharedKey(),
        peer.allowedIps().stream().map(Prefix::parse).toList(),
        name != null && now.filter(at -> isAt(name, at)).isPresent() ? Optional.of(name) : now,
        OptionalInt.of(peer.persistentKeepalive()),
        Optional.empty(),
        0);
  }

  private static boolean isAt(EndpointAddress name, EndpointAddress at) {
    try {
      return name.port() == at.port()
          && Arrays.asList(InetAddress.getAllByName(name.host()))
              .contains(InetAddress.getByName(at.host()));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static Optional<EndpointAddress> endpoint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[");
    return Optional.of(
        new EndpointAddress(
            bracketed ? host.substring(1, host.length() - 1) : host,
            Integer.parseInt(text.substring(colon + 1))));
  }
}
