// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.guide;

import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PacketExplanation;
import io.gatehouse.control.PacketQuestion;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.Texts;
import jakarta.annotation.PostConstruct;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * Makes a tunnel: proposes what is free, shows the file that would be made with all checks, and has
 * the data plane make it, the private key included. Its first client follows on the same page.
 */
@Named
@ViewScoped
public class NewTunnelPage implements Serializable {
  private static final long serialVersionUID = 1;

  /** So often a network is proposed anew that the machine has itself. */
  private static final int TRIES = 4;

  /** RFC 5737: addresses that belong to nobody, so only the default route leads there. */
  private static final PacketQuestion ELSEWHERE = new PacketQuestion("192.0.2.2", "192.0.2.1");

  @Inject private transient Gateway gateway;
  private String tunnel = "";
  private String name = "";
  private String endpoint = "";
  private String port = "";
  private String addresses = "";
  private boolean exit;
  private String exitBy = "";
  private transient Answer<FilesChanged> outcome = Answer.none();

  @PostConstruct
  void begin() {
    tunnel = Request.parameter("tunnel");
    if (tunnel.isEmpty()) {
      exitBy =
          Answer.of(gateway, Texts.here(), dataPlane -> dataPlane.explain(ELSEWHERE))
              .value()
              .map(PacketExplanation::arrivesBy)
              .orElse("");
      exit = !exitBy.isEmpty();
      propose();
      endpoint = Request.visitedHost();
    }
  }

  private void propose() {
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < TRIES; i++) {
      NewTunnel draft =
          NewTunnel.proposed(
              gateway.view().status().map(GatewayStatus::tunnels).orElse(List.of()), random);
      name = draft.name();
      port = draft.port();
      addresses = draft.addresses();
      look();
      if (getFindings().stream().allMatch(finding -> finding.severity().equals("NOTE"))) {
        return;
      }
    }
  }

  private NewTunnel draft() {
    return new NewTunnel(name, endpoint, port, addresses, exit ? exitBy : "");
  }

  /** Says what would come of it. */
  public void look() {
    create(true);
  }

  /** Makes the tunnel; the next step is its first client. */
  public void make() {
    create(false);
    if (outcome.value().isPresent()) {
      Request.redirect("/new-tunnel?tunnel=" + name);
    } else {
      Request.complain(outcome.refusal());
    }
  }

  private void create(boolean dryRun) {
    FileCreation creation =
        new FileCreation(name + ".conf", draft().text(), dryRun, Optional.of(Request.origin("")));
    outcome = Answer.of(gateway, Texts.here(), dataPlane -> dataPlane.createFile(creation));
  }

  /** The file that would be made. */
  public String getText() {
    return draft().text();
  }

  /** What the checks say of it. */
  public List<FindingStatus> getFindings() {
    Answer<FilesChanged> known = outcome == null ? Answer.none() : outcome;
    return known.value().map(FilesChanged::findings).orElse(known.findings());
  }

  /** Why it would not be made; else empty. */
  public String getRefusal() {
    return outcome == null ? "" : outcome.refusal();
  }

  /** The tunnel that was made; empty before. */
  public String getTunnel() {
    return tunnel;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name.strip();
  }

  public String getEndpoint() {
    return endpoint;
  }

  public void setEndpoint(String endpoint) {
    this.endpoint = line(endpoint);
  }

  public String getPort() {
    return port;
  }

  public void setPort(String port) {
    this.port = line(port);
  }

  public String getAddresses() {
    return addresses;
  }

  public void setAddresses(String addresses) {
    this.addresses = line(addresses);
  }

  public boolean isExit() {
    return exit;
  }

  public void setExit(boolean exit) {
    this.exit = exit && !exitBy.isEmpty();
  }

  /** The interface by which this machine reaches everywhere else; empty when it does not. */
  public String getExitBy() {
    return exitBy;
  }

  /** A field fills one line of the file and no more. */
  private static String line(String text) {
    return text.replaceAll("[\\r\\n#]", " ").strip();
  }
}
