// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FileStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;

/** What the resources ask the data plane, and how they find what an address names. */
@ApplicationScoped
public class DataPlane {
  @Inject private Gateway gateway;

  /**
   * Asks; see {@link Gateway#ask}.
   *
   * @throws ControlException when the data plane refuses
   * @throws IOException when there is none
   */
  <T> T ask(Gateway.Question<T> question) throws IOException, ControlException {
    return gateway.ask(question);
  }

  /**
   * The status, at most a second old.
   *
   * @throws IOException while the data plane is away, since an old one would be taken for new
   */
  GatewayStatus status() throws IOException {
    GatewayView view = gateway.view();
    return view.status()
        .filter(status -> view.connected())
        .orElseThrow(() -> new IOException("the data plane is not connected: " + view.trouble()));
  }

  /** The tunnel of that name. */
  TunnelStatus tunnel(String name) throws IOException {
    return status().tunnels().stream()
        .filter(tunnel -> tunnel.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("tunnel " + name));
  }

  /**
   * A peer of a tunnel.
   *
   * @param key public key, base64 in the alphabet for addresses (RFC 4648, section 5), with or
   *     without the padding
   */
  static PeerStatus peer(TunnelStatus tunnel, String key) {
    String base64 = key.replace('-', '+').replace('_', '/').replace("=", "") + "=";
    return tunnel.peers().stream()
        .filter(peer -> peer.publicKey().equals(base64))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("peer " + key + " in " + tunnel.name()));
  }

  /** The files of the tunnel directory. */
  List<FileStatus> files() throws IOException, ControlException {
    return ask(dataPlane -> dataPlane.files()).files();
  }

  /** The version of a file now. */
  String version(String file) throws IOException, ControlException {
    return files().stream()
        .filter(status -> status.name().equals(file))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("file " + file))
        .version();
  }
}
