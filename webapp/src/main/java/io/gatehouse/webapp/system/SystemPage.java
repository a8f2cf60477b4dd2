// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.system;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.server.Version;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import io.gatehouse.server.security.ServerCertificate;
import io.gatehouse.webapp.live.Live;
import io.gatehouse.webapp.live.Values;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** How the two processes fare, which they are, and where their things lie. */
@Named
@RequestScoped
public class SystemPage {
  /** Fewer days than this to the end of the certificate are worth a word. */
  private static final long SOON = 30;

  /** Where something lies, by the text that names it. */
  public record Place(String name, String path) {}

  @Inject private Gateway gateway;
  @Inject private Live live;

  @Inject
  @ConfigProperty(name = "gatehouse.console.state")
  private Path state;

  @Inject
  @ConfigProperty(name = "gatehouse.control.socket")
  private Path socket;

  private Optional<ServerCertificate> certificate = Optional.empty();
  private String trouble = "";

  @PostConstruct
  void look() {
    HttpServletRequest request =
        (HttpServletRequest) FacesContext.getCurrentInstance().getExternalContext().getRequest();
    try {
      certificate =
          Optional.of(ServerCertificate.at(request.getLocalAddr(), request.getLocalPort()));
    } catch (IOException e) {
      trouble = String.valueOf(e.getMessage());
    }
  }

  /** What is known of the data plane. */
  public GatewayView getView() {
    return gateway.view();
  }

  /** The data plane's version; empty if none was ever seen. */
  public String getDataPlaneVersion() {
    return gateway.view().status().map(GatewayStatus::version).orElse("");
  }

  /** The data plane's Java; empty if it does not say. */
  public String getDataPlaneJava() {
    return gateway.view().status().flatMap(GatewayStatus::java).orElse("");
  }

  /** When the data plane started, in Unix seconds; 0 if none was ever seen. */
  public long getDataPlaneStarted() {
    return gateway.view().status().map(GatewayStatus::started).orElse(0L);
  }

  /** The console's version. */
  public String getVersion() {
    return Version.current();
  }

  /** When the console started, in Unix seconds. */
  public long getStarted() {
    return ManagementFactory.getRuntimeMXBean().getStartTime() / 1000;
  }

  /** The console's Java. */
  public String getJava() {
    return System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor");
  }

  /** The machine's system. */
  public String getMachine() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + ", "
        + System.getProperty("os.arch")
        + ", "
        + live.texts().of("system.processors", Runtime.getRuntime().availableProcessors());
  }

  /** How much of its heap the console uses. */
  public String getMemory() {
    Runtime runtime = Runtime.getRuntime();
    Values values = new Values(live.texts());
    return live.texts()
        .of(
            "system.memory.of",
            values.bytes(runtime.totalMemory() - runtime.freeMemory()),
            values.bytes(runtime.maxMemory()));
  }

  /** The certificate that visitors are shown; null when it could not be asked for. */
  public @Nullable ServerCertificate getCertificate() {
    return certificate.orElse(null);
  }

  /** Days until it ends, negative since it has. */
  public long getDaysLeft() {
    return certificate.map(one -> one.daysLeft(live.getTime() / 1000)).orElse(0L);
  }

  /** {@code up}, {@code expired}, or {@code retrying} when it ends soon. */
  public String getCertificateLook() {
    return getDaysLeft() < 0 ? "failed" : getDaysLeft() < SOON ? "retrying" : "up";
  }

  /** Why there is no certificate to show; else empty. */
  public String getTrouble() {
    return trouble;
  }

  /** Where things lie. */
  public List<Place> getPlaces() {
    List<Place> places = new ArrayList<>();
    places.add(new Place("system.place.tunnels", live.getDirectory()));
    places.add(new Place("system.place.socket", socket.toString()));
    places.add(new Place("system.place.state", state.toString()));
    places.add(new Place("system.place.audit", state.resolve("audit.log").toString()));
    places.add(new Place("system.place.work", variable("WLP_OUTPUT_DIR")));
    places.add(new Place("system.place.logs", variable("LOG_DIR")));
    return places.stream().filter(place -> !place.path().isEmpty()).toList();
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }
}
