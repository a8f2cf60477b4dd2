// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.ProposalRequest;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.security.Forbidden;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.Texts;
import io.gatehouse.webapp.live.Subject;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.primefaces.PrimeFaces;

/**
 * The dialog that adds a peer. It checks the form of each field, so that a slip is shown beside it
 * at once; the data plane checks everything again and decides.
 */
@Named
@ViewScoped
public class AddPeer implements Serializable {
  private static final long serialVersionUID = 1;
  private static final System.Logger LOG = System.getLogger(AddPeer.class.getName());

  @Inject private transient Gateway gateway;
  private String tunnel = "";
  private String name = "";
  private String publicKey = "";
  private String allowedIps = "";
  private String presharedKey = "";
  private String endpoint = "";
  private String keepalive = "0";
  private Client client = Client.UNKNOWN;
  private String subject = "";
  private transient List<FindingStatus> findings = List.of();
  private String refusal = "";

  /** Begins for the tunnel that the request names, with addresses that are free. */
  public void open() {
    begin(Request.parameter("tunnel"));
  }

  /** Begins for a tunnel, unless that was done already. */
  public void openOnce(String wanted) {
    if (!wanted.isEmpty() && !wanted.equals(tunnel)) {
      begin(wanted);
    }
  }

  private void begin(String wanted) {
    tunnel = wanted;
    name = "";
    publicKey = "";
    endpoint = "";
    keepalive = "0";
    subject = "";
    findings = List.of();
    refusal = "";
    client =
        Answer.of(
                gateway,
                Texts.here(),
                dataPlane -> dataPlane.proposePeers(new ProposalRequest(tunnel, 1)))
            .value()
            .map(Client::of)
            .orElse(Client.UNKNOWN);
    allowedIps = client.addresses();
  }

  /** Asks the data plane to add the peer; the dialog closes when it has. */
  public void save() {
    findings = List.of();
    refusal = "";
    boolean added = isWellFormed() && add();
    presharedKey = "";
    PrimeFaces.current().ajax().addCallbackParam("added", added);
    PrimeFaces.current().ajax().addCallbackParam("name", name);
    PrimeFaces.current().ajax().addCallbackParam("publicKey", publicKey);
    PrimeFaces.current().ajax().addCallbackParam("addresses", String.join(", ", prefixes()));
  }

  private boolean add() {
    Optional<SecretKey> preshared =
        presharedKey.isEmpty() ? Optional.empty() : Optional.of(SecretKey.parse(presharedKey));
    presharedKey = "";
    PeerAddition addition =
        new PeerAddition(
            tunnel,
            name,
            publicKey,
            prefixes(),
            endpoint,
            Integer.parseInt(keepalive),
            preshared,
            Optional.of(Request.origin("")));
    try {
      gateway.ask(dataPlane -> dataPlane.addPeer(addition));
      subject = gateway.ask(dataPlane -> subject(dataPlane.status()));
    } catch (ControlException e) {
      refusal = e.message();
      findings = e.findings();
      return false;
    } catch (Forbidden e) {
      refusal = Texts.here().forbidden(e);
      return false;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a peer could not be added to {0}: {1}", tunnel, e);
      refusal = Texts.here().of("add.gone");
      return false;
    } finally {
      preshared.ifPresent(SecretKey::wipe);
    }
    LOG.log(
        System.Logger.Level.INFO,
        "{0} added the peer {1} to {2}",
        Request.user(),
        publicKey,
        tunnel);
    String text =
        name.isEmpty()
            ? Texts.here().of("add.done.unnamed", tunnel)
            : Texts.here().of("add.done", name, tunnel);
    FacesContext.getCurrentInstance()
        .addMessage("page", new FacesMessage(FacesMessage.SEVERITY_INFO, text, ""));
    return true;
  }

  /** By which name the peer's cells go; empty if it is gone again. */
  private String subject(GatewayStatus status) {
    return status.tunnels().stream()
        .filter(each -> each.name().equals(tunnel))
        .flatMap(
            each ->
                each.peers().stream()
                    .filter(peer -> peer.publicKey().equals(publicKey))
                    .map(peer -> Subject.of(each, peer).toString()))
        .findFirst()
        .orElse("");
  }

  private boolean isWellFormed() {
    List<Boolean> checks = new ArrayList<>();
    checks.add(
        check(
            "name",
            name.length() <= 64 && name.chars().noneMatch(Character::isISOControl),
            Texts.here().of("add.name.control")));
    checks.add(publicKey.isEmpty() ? complain("key", Texts.here().of("add.required")) : isKey());
    // Made by the page's own script, so nobody can mistype it.
    checks.add(presharedKey.isEmpty() || presharedKey.matches("[A-Za-z0-9+/]{43}="));
    checks.add(arePrefixes());
    checks.add(endpoint.isEmpty() || isEndpoint());
    checks.add(
        check(
            "keepalive",
            keepalive.matches("[0-9]{1,5}") && Integer.parseInt(keepalive) <= 65_535,
            Texts.here().of("add.keepalive.range")));
    return checks.stream().allMatch(Boolean::booleanValue);
  }

  private boolean isKey() {
    try {
      PublicKey.parse(publicKey);
      return true;
    } catch (IllegalArgumentException e) {
      return complain("key", sentence(e.getMessage()));
    }
  }

  private boolean arePrefixes() {
    for (String prefix : prefixes()) {
      try {
        Prefix.parse(prefix);
      } catch (IllegalArgumentException e) {
        return complain(
            "allowed", Texts.here().of("add.prefix", prefix, String.valueOf(e.getMessage())));
      }
    }
    return true;
  }

  private boolean isEndpoint() {
    int colon = endpoint.lastIndexOf(':');
    String host = colon < 0 ? "" : endpoint.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (host.isEmpty()
        || host.chars().anyMatch(Character::isWhitespace)
        || host.indexOf(':') >= 0 && !bracketed) {
      return complain("endpoint", Texts.here().of("add.endpoint.form"));
    }
    try {
      String port = endpoint.substring(colon + 1);
      return new EndpointAddress(host, port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0)
              .port()
          > 0;
    } catch (IllegalArgumentException e) {
      return complain("endpoint", Texts.here().of("add.endpoint.port"));
    }
  }

  private List<String> prefixes() {
    return Stream.of(allowedIps.split("[,\\s]+")).filter(part -> !part.isEmpty()).toList();
  }

  private static boolean check(String field, boolean good, String complaint) {
    return good || complain(field, complaint);
  }

  private static boolean complain(String field, String text) {
    FacesContext faces = FacesContext.getCurrentInstance();
    faces.addMessage("peer:" + field, new FacesMessage(FacesMessage.SEVERITY_ERROR, text, text));
    return false;
  }

  private static String sentence(@Nullable String text) {
    return text == null || text.isEmpty()
        ? ""
        : Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  /** What the peer's own file needs of this side. */
  public Client getClient() {
    return client;
  }

  /** By which name the cells of the peer go that was added last; empty before. */
  public String getSubject() {
    return subject;
  }

  /** The tunnel that gets the peer. */
  public String getTunnel() {
    return tunnel;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name.strip();
  }

  public String getPublicKey() {
    return publicKey;
  }

  public void setPublicKey(String publicKey) {
    this.publicKey = publicKey.strip();
  }

  /** Never says what was sent. */
  public String getPresharedKey() {
    return "";
  }

  public void setPresharedKey(String presharedKey) {
    this.presharedKey = presharedKey;
  }

  public String getAllowedIps() {
    return allowedIps;
  }

  public void setAllowedIps(String allowedIps) {
    this.allowedIps = allowedIps.strip();
  }

  public String getEndpoint() {
    return endpoint;
  }

  public void setEndpoint(String endpoint) {
    this.endpoint = endpoint.strip();
  }

  public String getKeepalive() {
    return keepalive;
  }

  public void setKeepalive(String keepalive) {
    this.keepalive = keepalive.strip();
  }

  /** Why the data plane refused, in one sentence, or empty. */
  public String getRefusal() {
    return refusal;
  }

  /** Why the data plane refused, in detail. */
  public List<FindingStatus> getFindings() {
    return findings;
  }
}
